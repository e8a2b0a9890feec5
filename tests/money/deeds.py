"""What people do, over GraphQL, and what the model says of it."""

from agreement import agree
from books import FAILURES, LOST, POST_LIFE, Post, Proposal, money
from clocks import instant

ERRORS = "userErrors { code }"
POST = """mutation($t: String!, $k: String!) { done: createJobPost(input: { publish: true, idempotencyKey: $k, content: {
  title: $t, description: "To do.", category: DESIGN, payment: FIXED } }) { jobPost { id } %s } }""" % ERRORS
FREE = """mutation($post: ID!, $k: String!) { done: setJobPostFree(input: { jobPostId: $post, free: true,
  idempotencyKey: $k }) { jobPost { id } %s } }""" % ERRORS
PROPOSE = """mutation($post: ID!, $k: String!) { done: submitProposal(input: { jobPostId: $post, expectedConnects: 0,
  coverLetter: "Good day!", idempotencyKey: $k }) { proposal { id } %s } }""" % ERRORS
OFFER = """mutation($p: ID!, $m: [MilestoneInput!]!, $k: String!) { done: sendOffer(input: { proposalId: $p,
  milestones: $m, idempotencyKey: $k }) { offer { id state total { amount } proposal { state } } %s } }""" % ERRORS
ACCEPT = """mutation($o: ID!, $k: String!) { done: acceptOffer(input: { offerId: $o, idempotencyKey: $k }) {
  contract { id jobPost { state } milestones { nodes { id number state amount { amount } } } } %s } }""" % ERRORS
END = """mutation($o: ID!, $k: String!) { done: VERB(input: { offerId: $o, idempotencyKey: $k, reason: "No." }) {
  offer { state proposal { state } } %s } }""" % ERRORS
FUND = """mutation($m: ID!, $c: ID!, $k: String!) { done: fundMilestone(input: { milestoneId: $m,
  paymentMethodId: $c, idempotencyKey: $k }) { milestone { state } payment { state failure amount { amount } }
  %s } }""" % ERRORS
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m,
  idempotencyKey: $k }) { milestone { state } %s } }""" % ERRORS
TITLES = ("Poster", "Logo", "Survey", "Menu", "Letter")


class Deeds:
    """Does one thing after the other, each predicted."""

    def __init__(self, books, send, admin, dice):
        self.books, self.send, self.admin, self.dice = books, send, admin, dice
        "`send(token, document, variables)` returns what the mutation answers."
        self.count = 0

    def any(self):
        """Does something that is possible now, or something that is refused; returns what it was."""
        ways = [self.post, self.propose, self.propose, self.offer, self.offer, self.accept, self.accept, self.decline,
                self.withdraw, self.fund, self.fund, self.fund, self.release, self.release, self.refused]
        while True:
            done = self.dice.choice(ways)()
            if done:
                return done

    def _do(self, person, document, **variables):
        self.count += 1
        return self.send(person.token, document, {**variables, "k": f"k{self.count}"})

    def post(self):
        """A client posts a job, which an admin makes free of Connects."""
        client = self.dice.choice(self.books.clients)
        title = f"{self.dice.choice(TITLES)} no. {len(self.books.posts)}"
        post = Post(client, title, None)
        done = self._do(client, POST, t=title)
        agree("refusals of a post", done["userErrors"], [])
        post.id = done["jobPost"]["id"]
        post.deadline = self.books.now + POST_LIFE
        agree("refusals to make it free", self._do(self.admin, FREE, post=post.id)["userErrors"], [])
        self.books.posts.append(post)
        return "posts"

    def propose(self):
        """A freelancer proposes to an open post."""
        post = self._some(self.books.posts, lambda post: post.state == "OPEN")
        if not post:
            return None
        taken = [proposal.freelancer for proposal in self.books.proposals if proposal.post is post]
        freelancer = self._some(self.books.freelancers, lambda one: all(one is not other for other in taken))
        if not freelancer:
            return None
        done = self._do(freelancer, PROPOSE, post=post.id)
        agree("refusals of a proposal", done["userErrors"], [])
        self.books.proposals.append(Proposal(post, freelancer, done["proposal"]["id"]))
        return "proposals"

    def offer(self):
        """A client offers a contract."""
        proposal = self._some(self.books.proposals, lambda one: one.state == "SUBMITTED")
        if not proposal:
            return None
        cents = [self.dice.randint(500, 90_000) for _ in range(self.dice.randint(1, 3))]
        parts = [{"title": f"Part {n}", "amount": {"amount": money(one)}} for n, one in enumerate(cents, 1)]
        done = self._do(proposal.post.client, OFFER, p=proposal.id, m=parts)
        offer = self.books.offer(proposal, cents)
        agree("refusals of an offer", done["userErrors"], [])
        offer.id = done["offer"].pop("id")
        expected = {"state": "NEW", "total": {"amount": money(sum(cents))}, "proposal": {"state": "OFFERED"}}
        agree("an offer", done["offer"], expected)
        return "offers"

    def accept(self):
        """A freelancer accepts an offer."""
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        if not offer:
            return None
        done = self._do(offer.proposal.freelancer, ACCEPT, o=offer.id)
        contract = self.books.accept(offer)
        agree("refusals to accept", done["userErrors"], [])
        contract.id = done["contract"]["id"]
        agree("the post of an accepted offer", done["contract"]["jobPost"]["state"], "FILLED")
        nodes = done["contract"]["milestones"]["nodes"]
        for milestone, node in zip(contract.milestones, nodes):
            milestone.id = node.pop("id")
        expected = [{"number": one.number, "state": "PENDING", "amount": {"amount": money(one.cents)}}
                    for one in contract.milestones]
        agree("milestones of a contract", nodes, expected)
        return "hires"

    def decline(self):
        """A freelancer declines an offer, now and then."""
        return self._end("declineOffer", "DECLINED", lambda offer: offer.proposal.freelancer)

    def withdraw(self):
        """A client withdraws an offer, now and then."""
        return self._end("withdrawOffer", "WITHDRAWN", lambda offer: offer.proposal.post.client)

    def _end(self, verb, state, who):
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        if not offer or self.dice.random() < 0.5:
            return None
        done = self._do(who(offer), END.replace("VERB", verb), o=offer.id)
        self.books.end_offer(offer, state)
        expected = {"offer": {"state": state, "proposal": {"state": "SUBMITTED"}}, "userErrors": []}
        agree(f"the answer to {verb}", done, expected)
        return f"offers {state.lower()}"

    def fund(self):
        """A client pays for a milestone by some card."""
        milestone = self._some(self._milestones(), lambda one: one.state == "PENDING")
        if not milestone:
            return None
        client = milestone.contract.offer.proposal.post.client
        card, card_id = self.dice.choice(client.cards)
        done = self._do(client, FUND, m=milestone.id, c=card_id)
        state, why = self.books.pay(milestone, card)
        payment = {"state": state, "failure": why, "amount": {"amount": money(milestone.cents)}}
        agree(f"a payment by {card}", done,
              {"milestone": {"state": milestone.state}, "payment": payment, "userErrors": []})
        return f"payments {why or ('unknown' if card in LOST else 'paid')}".lower()

    def fund_and_lose(self):
        """A client pays for a milestone, if there is one, by a card that leaves nobody knowing."""
        milestone = self._some(self._milestones(), lambda one: one.state == "PENDING")
        if milestone:
            client = milestone.contract.offer.proposal.post.client
            card, card_id = next(pair for pair in client.cards if pair[0] in LOST)
            done = self._do(client, FUND, m=milestone.id, c=card_id)
            self.books.pay(milestone, card)
            agree("the state of a payment that is lost", done["payment"]["state"], "UNKNOWN")

    def release(self):
        """A client releases a milestone."""
        milestone = self._some(self._milestones(), lambda one: one.state == "FUNDED")
        if not milestone:
            return None
        done = self._do(milestone.contract.offer.proposal.post.client, RELEASE, m=milestone.id)
        self.books.release(milestone)
        agree("a release", done, {"milestone": {"state": "RELEASED"}, "userErrors": []})
        return "releases"

    def refused(self):
        """Somebody tries what cannot be."""
        return self.dice.choice([self._answer_what_is_over, self._fund_what_is_not_theirs, self._release_early])()

    def _answer_what_is_over(self):
        offer = self._some(self.books.offers, lambda one: one.state != "NEW")
        return offer and self._refuse(offer.proposal.freelancer, ACCEPT, "ILLEGAL_STATE", o=offer.id)

    def _fund_what_is_not_theirs(self):
        milestone = self._some(self._milestones(), lambda _: True)
        if not milestone:
            return None
        other = self._some(self.books.clients, lambda one: one is not milestone.contract.offer.proposal.post.client)
        return self._refuse(other, FUND, "NOT_FOUND", m=milestone.id, c=other.cards[0][1])

    def _release_early(self):
        milestone = self._some(self._milestones(), lambda one: one.state != "FUNDED")
        if not milestone:
            return None
        return self._refuse(milestone.contract.offer.proposal.post.client, RELEASE, "ILLEGAL_STATE", m=milestone.id)

    def _refuse(self, person, document, code, **variables):
        done = self._do(person, document, **variables)
        agree("a refusal", done["userErrors"], [{"code": code}])
        return f"refused: {code}"

    def _milestones(self):
        return [one for contract in self.books.contracts for one in contract.milestones]

    def _some(self, things, fits):
        fitting = [one for one in things if fits(one)]
        return self.dice.choice(fitting) if fitting else None


SEEN = """query($after: String) { viewer { cashAccount { balance { amount } pending { amount } receivable { amount }
  history(first: 100, after: $after) { nodes { kind amount { amount } balanceAfter { amount } effectiveAt }
  pageInfo { hasNextPage endCursor } } } } }"""
CONTRACT = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Contract { milestones(first: 20) { nodes { number state
  fundedAt } } inEscrow { amount } } ... on Offer { offer: state } ... on Proposal { proposal: state } } }"""


def compare(books, client):
    """Compares what everybody sees with the model."""
    for freelancer in books.freelancers:
        rows, after = [], None
        while True:
            cash = client.ask(freelancer.token, SEEN, after=after)["viewer"]["cashAccount"]
            rows += [(one["kind"], one["amount"]["amount"], one["balanceAfter"]["amount"],
                      instant(one["effectiveAt"])) for one in cash["history"]["nodes"]]
            if not cash["history"]["pageInfo"]["hasNextPage"]:
                break
            after = cash["history"]["pageInfo"]["endCursor"]
        sums = (cash["balance"]["amount"], cash["pending"]["amount"], cash["receivable"]["amount"])
        expected = (money(freelancer.cash), money(books.pending(freelancer)), "0.00")
        agree(f"cash of {freelancer.name}", sums, expected)
        agree(f"cash history of {freelancer.name}", rows, freelancer.history[::-1])
    for client_of in books.clients:
        _compare_things(books, client, client_of)


def _compare_things(books, client, whose):
    contracts = [one for one in books.contracts if one.offer.proposal.post.client is whose]
    others = [one for one in books.offers if one.proposal.post.client is whose]
    others += [one for one in books.proposals if one.post.client is whose]
    things = contracts + others
    for at in range(0, len(things), 100):
        chunk = things[at:at + 100]
        nodes = client.ask(whose.token, CONTRACT, ids=[one.id for one in chunk])["nodes"]
        agree(f"what {whose.name} sees", [_read(node) for node in nodes], [_expected(one) for one in chunk])


def _read(node):
    if "milestones" not in node:
        return node
    parts = [(one["number"], one["state"], one["fundedAt"] and instant(one["fundedAt"]))
             for one in node["milestones"]["nodes"]]
    return parts, node["inEscrow"]["amount"]


def _expected(thing):
    if not hasattr(thing, "milestones"):
        return {"offer" if hasattr(thing, "cents") else "proposal": thing.state}
    parts = [(one.number, one.state, one.funded_at) for one in thing.milestones]
    return parts, money(sum(one.cents for one in thing.milestones if one.state == "FUNDED"))


assert set(FAILURES).isdisjoint(LOST)
