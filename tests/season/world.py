"""A naive model of the marketplace's season: the answer that each act must get, by the rulebook alone.

Each method is an act: it returns a `Refused` and changes nothing, or does it and returns what it touched.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from contents import words_of
from people import Person, Post, Proposal, Report
from purse import Purse

import paths  # noqa: F401  # pylint: disable=unused-import
from model import first_task_run
from posts import cents

LIFE = timedelta(days=30)
WARNING = timedelta(days=5)
LETTER = timedelta(hours=6)
POST_MINUTE = 20
"The job-posts task runs at this minute of every hour (section 20 of the rulebook)."
MOVES = {"edit": ("DRAFT", "OPEN"), "publish": ("DRAFT",), "cancel": ("OPEN",),
         "remove": ("OPEN", "FILLED", "CLOSED", "EXPIRED"), "appeal": ("REMOVED",)}
"The states in which each move of a post is allowed (J-2)."

FLAGGED = ("SUBMITTED", "INTERVIEWING", "OFFERED")
"The states in which a proposal is live, as refusals of what clients do with it name them."


@dataclass(frozen=True)
class Refused:
    """A refusal by a rule: its code and the facts that come with it."""

    code: str
    facts: dict = field(default_factory=dict)


NOT_FOUND = Refused("NOT_FOUND")
NOT_ALLOWED = Refused("NOT_ALLOWED")


class World:
    """All people, posts and proposals, and the time."""

    def __init__(self, now):
        self.now = now
        self.people = {}
        self.posts = []
        self.proposals = {}
        "By (e-mail address, number of the post)."

    def register(self, email, client=False, freelancer=False, admin=False):
        """P-1; a freelancer's wallet starts with 40 + 10 (R-1, M-4)."""
        person = Person(email, client, admin, Purse(self.now) if freelancer else None)
        self.people[email] = person
        return person

    # Time.

    def advance(self, to):
        """Does what the tasks do on the way to `to`; returns how many they (granted, warned of, expired)."""
        self.now = to
        granted = sum(self._grant(person) for person in self.people.values() if person.purse)
        running = [post for post in self.posts if post.state == "OPEN"]
        return granted, sum(map(self._warn, running)), sum(map(self._expire, running))

    def _grant(self, person):
        issued = person.purse.advance(self.now)
        for _ in range(issued):
            person.tell("CONNECTS_GRANTED")
        return issued

    def _warn(self, post):
        """J-4: warns five days before, once for each activity."""
        if post.warn_at is None or first_task_run(post.warn_at, POST_MINUTE) > self.now:
            return False
        post.warn_at = None
        post.client.tell("JOB_POST_EXPIRING")
        return True

    def _expire(self, post):
        """J-4."""
        if first_task_run(post.expires_at, POST_MINUTE) > self.now:
            return False
        self._expire_at_last(post)
        return True

    def _expire_at_last(self, post):
        """Expires it, dated to its deadline (X-7); nothing comes back (T-2)."""
        self._end(post, "EXPIRED", post.expires_at, None)
        post.client.tell("JOB_POST_EXPIRED")

    # Job posts.

    def create(self, client, content, publish):
        """J-1."""
        if not client.is_client:
            return Refused("NOT_A_CLIENT")
        post = Post(len(self.posts), client, content)
        self.posts.append(post)
        if publish:
            self._open(post)
        return post

    def publish(self, person, post):
        """J-2."""
        if refused := self._may(person, post, "publish"):
            return refused
        self._open(post)
        return post

    def edit(self, person, post, content, version):
        """J-3, J-4: the price follows, and an open post gets a new deadline."""
        if refused := self._may(person, post, "edit"):
            return refused
        if version != post.version:
            return Refused("CONFLICT")
        post.content = content
        post.version += 1
        self._touch(post)
        return post

    def cancel(self, person, post, reason):
        """J-2, T-1."""
        if refused := self._may(person, post, "cancel"):
            return refused
        self._give_back(post, "RETURNED_CANCELLED")
        self._end(post, "CANCELLED", self.now, reason or None)
        return post

    def remove(self, person, post, reason):
        """J-7, T-1."""
        if not person.is_admin:
            return NOT_ALLOWED
        if refused := self._must_stand(post, "remove"):
            return refused
        if post.state_at(self.now) != post.state:
            self._expire_at_last(post)
        self._give_back(post, "RETURNED_REMOVED")
        self._end(post, "REMOVED", self.now, reason)
        post.removal = {"reason": reason, "appeal": None, "answer": None}
        self._decide(post, "UPHELD")
        post.client.tell("JOB_POST_REMOVED")
        return post

    def _may(self, person, post, move):
        """To a client, somebody else's post does not exist."""
        return NOT_FOUND if post.client is not person else self._must_stand(post, move)

    def _must_stand(self, post, move):
        state, allowed = post.state_at(self.now), MOVES[move]
        if state in allowed:
            return None
        return Refused("ILLEGAL_STATE", {"postState": state, "postAllowed": list(allowed)})

    def _open(self, post):
        post.state, post.published_at = "OPEN", self.now
        self._touch(post)

    def _touch(self, post):
        """J-4."""
        if post.state == "OPEN":
            post.expires_at = self.now + LIFE
            post.warn_at = post.expires_at - WARNING

    def _end(self, post, state, at, reason):
        """Ends the post, and with it its live proposals."""
        post.state, post.closed_at, post.closing_reason = state, at, reason
        post.expires_at = post.warn_at = None
        for proposal in post.proposals:
            if proposal.state == "SUBMITTED":
                proposal.state, proposal.ended_at = "ARCHIVED", at
                self._tell_of_end(proposal, "PROPOSAL_ARCHIVED")

    def _give_back(self, post, kind):
        """T-1: gives back to every proposal that was not withdrawn, declined ones too (T-2)."""
        for proposal in post.proposals:
            if proposal.state != "WITHDRAWN":
                proposal.returned = proposal.charged
                proposal.person.purse.give_back(kind, proposal.charged)
                post.told_of_end.discard(proposal.person)
                self._tell_of_end(proposal, "CONNECTS_RETURNED")

    @staticmethod
    def _tell_of_end(proposal, kind):
        """Notifies each freelancer once of a post's end: that Connects came back, or else that it is over."""
        told = proposal.post.told_of_end
        if proposal.person not in told:
            told.add(proposal.person)
            proposal.person.tell(kind)

    # Reports (J-7).

    def report(self, person, post):
        """Once per person, on a post that they see."""
        if not post.seen_by(person):
            return NOT_FOUND
        if any(report.person is person for report in post.reports):
            return Refused("ALREADY_REPORTED")
        post.reports.append(Report(person))
        return post

    def dismiss(self, person, post):
        """Returns how many were dismissed."""
        if not person.is_admin:
            return NOT_ALLOWED
        return self._decide(post, "DISMISSED") or Refused("NOTHING_TO_DECIDE")

    def _decide(self, post, state):
        queue = [report for report in post.reports if report.state == "OPEN"]
        for report in queue:
            report.state = state
            report.person.tell("REPORT_DECIDED")
        return len(queue)

    def appeal(self, person, post, text):
        """Once."""
        if refused := self._may(person, post, "appeal"):
            return refused
        if post.removal["appeal"] is not None:
            return Refused("ALREADY_APPEALED")
        post.removal["appeal"] = text
        return post

    def answer(self, person, post, answer):
        """The post stays removed."""
        if not person.is_admin:
            return NOT_ALLOWED
        if post.removal is None or post.removal["appeal"] is None or post.removal["answer"] is not None:
            return Refused("NOTHING_TO_DECIDE")
        post.removal["answer"] = answer
        post.client.tell("APPEAL_ANSWERED")
        return post

    # Proposals.

    def submit(self, person, post, expected, letter, amount):
        """S-1, S-2."""
        if refused := self._may_submit(person, post, expected):
            return refused
        proposal = Proposal(person, post, expected, letter, amount, self.now)
        person.purse.charge(expected)
        post.proposals.append(proposal)
        self.proposals[person.email, post.number] = proposal
        post.client.tell("PROPOSAL_RECEIVED")
        return proposal

    def _may_submit(self, person, post, expected):
        if person.purse is None:
            return Refused("NOT_A_FREELANCER")
        if post.client is person:
            return Refused("OWN_JOB_POST")
        if not post.seen_by(person):
            return NOT_FOUND
        if (person.email, post.number) in self.proposals:
            return Refused("ALREADY_PROPOSED")
        if post.state_at(self.now) != "OPEN":
            return Refused("JOB_POST_NOT_OPEN")
        price = post.price()
        if expected != price:
            return Refused("CONNECTS_PRICE_CHANGED", {"expected": expected, "actual": price})
        if price > person.purse.available:
            return Refused("INSUFFICIENT_CONNECTS", {"required": price, "available": person.purse.available})
        return None

    def edit_proposal(self, person, proposal, letter, amount):
        """S-6: the letter for six hours or until it is opened, the terms as long as the proposal lives."""
        if refused := self._may_act(person, proposal.person, proposal):
            return refused
        if letter is not None:
            if proposal.viewed_at is not None or self.now >= proposal.submitted_at + LETTER:
                return Refused("EDIT_WINDOW_CLOSED")
            proposal.letter = letter
        proposal.amount = amount if amount is not None else proposal.amount
        proposal.edited_at = self.now
        return proposal

    def withdraw(self, person, proposal, reason):
        """S-5; nothing comes back (T-2)."""
        if refused := self._may_act(person, proposal.person, proposal):
            return refused
        self._leave(proposal, "WITHDRAWN", reason or None)
        proposal.post.client.tell("PROPOSAL_WITHDRAWN")
        return proposal

    def view(self, person, proposal):
        """S-6."""
        if refused := self._may_act(person, proposal.post.client, proposal, FLAGGED):
            return refused
        proposal.viewed_at = proposal.viewed_at or self.now
        return proposal

    def shortlist(self, person, proposal, on):
        """S-5: a flag."""
        if refused := self._may_act(person, proposal.post.client, proposal, FLAGGED):
            return refused
        proposal.shortlisted = on
        return proposal

    def hide(self, person, proposal, on):
        """S-5: a flag."""
        if refused := self._may_act(person, proposal.post.client, proposal, FLAGGED):
            return refused
        proposal.hidden = on
        return proposal

    def decline(self, person, proposal, reason):
        """S-5; nothing comes back now (T-2)."""
        if refused := self._may_act(person, proposal.post.client, proposal):
            return refused
        self._leave(proposal, "DECLINED", reason)
        proposal.person.tell("PROPOSAL_DECLINED")
        return proposal

    def _may_act(self, person, owner, proposal, allowed=("SUBMITTED", "INTERVIEWING")):
        """The proposal does not exist for anyone but the person whose act it is."""
        if person is not owner:
            return NOT_FOUND
        state = proposal.state_at(self.now)
        if state == "SUBMITTED":
            return None
        return Refused("ILLEGAL_STATE", {"proposalState": state, "proposalAllowed": list(allowed)})

    def _leave(self, proposal, state, reason):
        proposal.state, proposal.ended_at, proposal.ended_reason = state, self.now, reason

    def refunds(self, proposal):
        """T-5: what has come back, and what each event would give back, by which rule."""
        outstanding = proposal.charged - proposal.returned
        state, withdrawn = proposal.post.state_at(self.now), proposal.state == "WITHDRAWN"
        rule = "T-2" if withdrawn else "T-1"

        def full(move):
            """All of the charge, if that can still happen."""
            return outstanding if state in MOVES[move] and not withdrawn else 0

        cases = [("CLIENT_CANCELS", full("cancel"), rule), ("POST_REMOVED", full("remove"), rule)]
        cases += [(event, 0, "T-2") for event in ("POST_EXPIRES", "NOT_CHOSEN", "WITHDRAWN")]
        return {"charged": proposal.charged, "returned": proposal.returned, "outstanding": outstanding, "cases": cases}

    # Notifications and the search.

    @staticmethod
    def read_notices(person):
        """N-1: returns how many had not been read."""
        count, person.unread = person.unread, 0
        return count

    def found(self, person, wanted):
        """J-6: the open posts that `person` sees and that match `wanted`, a filter of the API."""
        busy = {}
        for post in self.posts:
            busy[post.client] = busy.get(post.client, 0) + (post.state != "DRAFT")
        open_posts = (post for post in self.posts if post.state_at(self.now) == "OPEN" and post.seen_by(person))
        return [post for post in open_posts if matches(post, wanted, busy[post.client])]


def matches(post, wanted, posts_of_client):
    """Whether `post` matches a filter of the API."""
    content, price, proposals = post.content, post.price(), len(post.proposals)
    greatest = content.hourly_max if content.hourly_max is not None else content.hourly_min
    checks = {
        "text": lambda text: words_of(text) <= content.words,
        "categories": lambda names: content.category in names,
        "payment": lambda payment: content.payment == payment,
        "experienceLevel": lambda level: content.level == level,
        "minConnects": lambda least: price >= least,
        "maxConnects": lambda most: price <= most,
        "minBudget": lambda least: content.budget is not None and content.budget >= cents(least["amount"]),
        "maxBudget": lambda most: content.budget is not None and content.budget <= cents(most["amount"]),
        "minHourly": lambda least: greatest is not None and greatest >= cents(least["amount"]),
        "maxProposals": lambda most: proposals <= most,
        "minClientPosts": lambda least: posts_of_client >= least,
    }
    return all(checks[name](value) for name, value in wanted.items())
