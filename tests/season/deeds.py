"""The acts of people over GraphQL: sends each, and compares its answer with the model's."""

import paths  # noqa: F401  # pylint: disable=unused-import

from agreement import agree
from contents import money
from views import POST, PROPOSAL, REFUSALS, only, post_expected, post_read, proposal_expected, proposal_read
from world import Refused

REPEAT_EVERY = 50
"One call in this many is sent again with the same key."
REUSE_EVERY = 70
"One accepted call with a text in this many is sent again with the same key and another text."
TEXTS = ("reason", "comment", "coverLetter", "text", "answer")
SUBMITTED = f"proposal {PROPOSAL} wallet {{ available }} entry {{ kind quantity availableAfter }} availableAfter"
REFUNDS = """
query Refunds($id: ID!) { node(id: $id) { ... on Proposal {
  refundEligibility { charged returned outstanding cases { event connects rule } }
} } }
"""
SEARCH = """
query Search($filter: JobPostFilter) {
  jobPosts(filter: $filter, first: 100) { nodes { title publishedAt } pageInfo { hasNextPage } }
}
"""
PAGE = 100


class Deeds:
    """All acts of a season on one database."""

    def __init__(self, world, door, tally):
        self.world = world
        self.door = door
        self.tally = tally
        self.post_ids = {}
        self.proposal_ids = {}
        self.calls = self.texts = 0

    # Job posts.

    def create(self, client, content, publish):
        """J-1."""
        made = self.world.create(client, content, publish)
        answer = self._do(client, "createJobPost", POST, {"content": content.as_input(), "publish": publish}, made)
        if not isinstance(made, Refused):
            self.post_ids[made] = answer["jobPost"]["id"]
            self._check_post(client, "createJobPost", answer, made)
            self.tally.add("J-1", "posts published at once" if publish else "drafts written")
        return made

    def publish(self, person, post):
        """J-2."""
        done = self._on_post(person, "publishJobPost", post, {}, self.world.publish(person, post))
        self._count(done, "J-2", "drafts published")

    def edit_post(self, person, post, content, version, why=None):
        """J-3."""
        before = post.price()
        done = self.world.edit(person, post, content, version)
        self._on_post(person, "updateJobPost", post, {"content": content.as_input(), "version": version}, done)
        self._count(done, "J-2", "edited", why)
        if not isinstance(done, Refused) and post.price() != before:
            self.tally.add("J-3", "repriced by an edit")

    def cancel(self, person, post, reason):
        """T-1."""
        done = self.world.cancel(person, post, reason)
        self._on_post(person, "cancelJobPost", post, {"reason": reason}, done)
        self._count(done, "J-2", "cancelled")
        self._count_returns(done, "of a cancelled post")

    def remove(self, person, post, reason):
        """J-7, T-1."""
        was, upheld = post.state_at(self.world.now), sum(report.state == "OPEN" for report in post.reports)
        done = self.world.remove(person, post, reason)
        self._on_post(person, "removeJobPost", post, {"reason": reason}, done)
        self._count(done, "J-7", f"removed while {was}")
        self._count_returns(done, "of a removed post")
        self.tally.add("J-7", "reports upheld", 0 if isinstance(done, Refused) else upheld)

    def report(self, person, post, reason, comment):
        """J-7."""
        done = self.world.report(person, post)
        self._on_post(person, "reportJobPost", post, {"reason": reason, "comment": comment}, done)
        self._count(done, "J-7", "reported")

    def dismiss(self, person, post, reason):
        """J-7."""
        count = self.world.dismiss(person, post)
        given = {"jobPostId": self.post_ids[post], "reason": reason}
        answer = self._do(person, "dismissReports", None, given, count)
        agree(f"reports of {post.content.title} dismissed", answer["count"], None if _refused(count) else count)
        self.tally.add("J-7", "reports dismissed", 0 if _refused(count) else count)

    def appeal(self, person, post, text):
        """J-7."""
        done = self._on_post(person, "appealRemoval", post, {"text": text}, self.world.appeal(person, post, text))
        self._count(done, "J-7", "appealed")

    def answer(self, person, post, text):
        """J-7."""
        done = self._on_post(person, "answerAppeal", post, {"answer": text}, self.world.answer(person, post, text))
        self._count(done, "J-7", "appeals answered")

    # Proposals.

    def submit(self, person, post, expected, letter, amount, why=None):
        """S-1, S-2; `why` names what a refusal is meant to show."""
        before = post.price()
        done = self.world.submit(person, post, expected, letter, amount)
        given = {"jobPostId": self.post_ids[post], "expectedConnects": expected, "coverLetter": letter,
                 "amount": money(amount)}
        answer = self._do(person, "submitProposal", SUBMITTED, given, done)
        if _refused(done):
            rule, what = why or ("S-2", f"refused: {done.code}")
            self.tally.add(rule, what)
            return
        self.proposal_ids[done] = answer["proposal"]["id"]
        self._check_proposal(person, "submitProposal", answer, done)
        left = person.purse.available
        agree(f"charge of {person.email} for {post.content.title}",
              (answer["wallet"], answer["availableAfter"], answer["entry"]),
              ({"available": left}, left, {"kind": "PROPOSAL", "quantity": -expected, "availableAfter": left}))
        self.tally.add("S-2", "accepted and charged")
        self.tally.add("S-2", "Connects charged", expected)
        if post.price() != before:
            self.tally.add("J-3", f"repriced by demand, at {len(post.proposals)} proposals")

    def edit_proposal(self, person, proposal, letter, amount, why=None):
        """S-6."""
        done = self.world.edit_proposal(person, proposal, letter, amount)
        # What is left out stays; null would take the amount away.
        given = {"coverLetter": letter, "amount": money(amount)}
        given = {name: value for name, value in given.items() if value is not None}
        self._on_proposal(person, "editProposal", proposal, given, done)
        what = "terms" if letter is None else "letter"
        self._count(done, "S-6", f"{what} edited", why)

    def withdraw(self, person, proposal, reason, why=None):
        """S-5."""
        done = self.world.withdraw(person, proposal, reason)
        self._on_proposal(person, "withdrawProposal", proposal, {"reason": reason}, done)
        self._count(done, "S-5", "withdrawn", why)

    def view(self, person, proposal):
        """S-6."""
        done = self._on_proposal(person, "markProposalViewed", proposal, {}, self.world.view(person, proposal))
        self._count(done, "S-5", "opened")

    def shortlist(self, person, proposal, on):
        """S-5."""
        done = self.world.shortlist(person, proposal, on)
        self._on_proposal(person, "shortlistProposal", proposal, {"on": on}, done)
        self._count(done, "S-5", "put on the short list" if on else "taken off the short list")

    def hide(self, person, proposal, on):
        """S-5."""
        done = self.world.hide(person, proposal, on)
        self._on_proposal(person, "hideProposal", proposal, {"on": on}, done)
        self._count(done, "S-5", "hidden" if on else "shown again")

    def decline(self, person, proposal, reason):
        """S-5."""
        done = self.world.decline(person, proposal, reason)
        self._on_proposal(person, "declineProposal", proposal, {"reason": reason}, done)
        self._count(done, "S-5", "declined")

    # Notifications, refunds, the search.

    def read_notices(self, person):
        """N-1."""
        count = self.world.read_notices(person)
        answer = self._do(person, "markNotificationsRead", None, {}, count)
        agree(f"notices that {person.email} had not read", answer["count"], count)
        self.tally.add("N-1", "notices read", count)

    def refunds(self, person, proposal):
        """T-5."""
        node = self.door.ask(person.email, REFUNDS, id=self.proposal_ids[proposal])["node"]
        got = dict(node["refundEligibility"])
        got["cases"] = [(case["event"], case["connects"], case["rule"]) for case in got["cases"]]
        agree(f"refunds of {self._name(proposal)}", got, self.world.refunds(proposal))
        self.tally.add("T-5", "proposals explained")

    def search(self, person, wanted):
        """J-6: exactly the titles if they fit a page, otherwise a page of them."""
        found = self.door.ask(person.email, SEARCH, filter=wanted)["jobPosts"]
        expected = self.world.found(person, wanted)
        what = f"posts that {person.email} finds by {wanted}"
        agree(f"{what}: more than a page of {len(expected)}", found["pageInfo"]["hasNextPage"], len(expected) > PAGE)
        times = [node["publishedAt"] for node in found["nodes"]]
        agree(f"{what}: newest first", times, sorted(times, reverse=True))
        titles, all_titles = (sorted(names) for names in ([node["title"] for node in found["nodes"]],
                                                          [post.content.title for post in expected]))
        if len(expected) <= PAGE:
            agree(what, titles, all_titles)
            self.tally.add("J-6", "searches, all titles compared")
        else:
            agree(f"{what}: among them", (len(titles), set(titles) <= set(all_titles)), (PAGE, True))
            self.tally.add("J-6", "searches, a full page compared")

    # What all acts have in common.

    def _on_post(self, person, mutation, post, given, done):
        given = {"jobPostId": self.post_ids[post]} | given
        answer = self._do(person, mutation, POST, given, done)
        if not _refused(done):
            self._check_post(person, mutation, answer, post)
        return done

    def _on_proposal(self, person, mutation, proposal, given, done):
        given = {"proposalId": self.proposal_ids[proposal]} | given
        answer = self._do(person, mutation, f"proposal {PROPOSAL}", given, done)
        if not _refused(done):
            self._check_proposal(person, mutation, answer, proposal)
        return done

    def _check_post(self, person, mutation, answer, post):
        agree(f"id of {post.content.title} after {mutation}", answer["jobPost"]["id"], self.post_ids[post])
        expected = post_expected(post, person, self.world)
        agree(f"{post.content.title} after {mutation}", only(post_read(answer["jobPost"]), expected), expected)

    def _check_proposal(self, person, mutation, answer, proposal):
        agree(f"id after {mutation}", answer["proposal"]["id"], self.proposal_ids[proposal])
        post_id = self.post_ids[proposal.post]
        expected = proposal_expected(proposal, person, self.world, post_id)
        got = only(proposal_read(answer["proposal"]), expected)
        agree(f"{self._name(proposal)} after {mutation}", got, expected)

    def _do(self, person, mutation, selection, given, done):
        """Sends a mutation, some of them twice, and checks how it was refused; returns the payload."""
        self.calls += 1
        given = given | {"idempotencyKey": f"{mutation}-{self.calls}"}
        document = _document(mutation, selection)
        answer = self.door.ask(person.email, document, input=given)[mutation]
        what = f"{mutation} by {person.email} at {self.world.now}, call {self.calls}"
        refusals = [{"code": done.code} | done.facts] if _refused(done) else []
        agree(f"{what}: refusals", answer["userErrors"], refusals)
        agree(f"{what}: replayed", answer["replayed"], False)
        if self.calls % REPEAT_EVERY == 0:
            again = self.door.ask(person.email, document, input=given)[mutation]
            agree(f"{what}, sent again", again, answer | {"replayed": not _refused(done)})
            self.tally.add("", "calls sent again: " + ("refused again" if _refused(done) else "replayed"))
        if not _refused(done):
            self._reuse_key(person, mutation, document, given)
        return answer

    def _reuse_key(self, person, mutation, document, given):
        # A reason in capitals is an enum value.
        text = next((name for name in TEXTS if given.get(name) and not given[name].isupper()), None)
        if text is None:
            return
        self.texts += 1
        if self.texts % REUSE_EVERY == 0:
            other = given | {text: given[text] + "!"}
            answer = self.door.ask(person.email, document, input=other)[mutation]
            agree(f"{mutation}, another call with its key: refusals", answer["userErrors"],
                  [{"code": "IDEMPOTENCY_KEY_REUSED"}])
            self.tally.add("", "calls with a used key refused")

    def _count(self, done, rule, what, why=None):
        """Counts an act, or its refusal by its code, or under `why` if it was meant to show that."""
        if not _refused(done):
            self.tally.add(rule, what)
        elif why is not None:
            self.tally.add(*why)
        else:
            facts = done.facts.get("postState") or done.facts.get("proposalState")
            self.tally.add(rule, f"refused: {done.code}" + (f" {facts}" if facts else ""))

    def _count_returns(self, done, what):
        if _refused(done):
            return
        back = [proposal for proposal in done.proposals if proposal.returned]
        self.tally.add("T-1", f"proposals {what} returned", len(back))
        self.tally.add("T-1", f"Connects {what} returned", sum(proposal.returned for proposal in back))
        self.tally.add("T-1", "declined proposals returned", sum(one.state == "DECLINED" for one in back))
        kept = sum(proposal.charged for proposal in done.proposals if not proposal.returned)
        self.tally.add("T-2", "Connects of withdrawn proposals not returned at such an end", kept)

    @staticmethod
    def _name(proposal):
        return f"proposal of {proposal.person.email} to {proposal.post.content.title}"


def _refused(done):
    return isinstance(done, Refused)


def _document(mutation, selection):
    kind = mutation[0].upper() + mutation[1:]
    body = {POST: f"jobPost {POST}", None: "count"}.get(selection, selection)
    return (f"mutation {kind}($input: {kind}Input!) {{ {mutation}(input: $input) "
            f"{{ {body} replayed userErrors {REFUSALS} }} }}")
