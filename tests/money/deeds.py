"""What people do, over GraphQL, and what the model says of it."""

from agreement import agree
from clocks import instant
from hiring import Hiring
from market import (DISPUTE_LIFE, DISPUTES_AT_MOST, FAILURES, LEAST_REFUND, LOST, POST_LIFE, REFUND_LOST,
                    REFUNDS_AT_MOST, Dispute, Post, Proposal, money)

ERRORS = "userErrors { code }"
POST = """mutation($t: String!, $w: Int!, $k: String!) { done: createJobPost(input: { publish: true, idempotencyKey: $k, content: {
  title: $t, description: "To do.", category: DESIGN, payment: FIXED, hiresWanted: $w } }) { jobPost { id } %s } }
  """ % ERRORS
FREE = """mutation($post: ID!, $k: String!) { done: setJobPostFree(input: { jobPostId: $post, free: true,
  idempotencyKey: $k }) { jobPost { id } %s } }""" % ERRORS
PROPOSE = """mutation($post: ID!, $k: String!) { done: submitProposal(input: { jobPostId: $post, expectedConnects: 0,
  coverLetter: "Good day!", idempotencyKey: $k }) { proposal { id freelancer { id } } %s } }""" % ERRORS
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
REFUND = """mutation($m: ID!, $a: MoneyInput, $k: String!) { done: refundMilestone(input: { milestoneId: $m, amount: $a,
  idempotencyKey: $k }) { milestone { state refunds { amount { amount } state } } %s } }""" % ERRORS
DISPUTE = """mutation($m: ID!, $k: String!) { done: openDispute(input: { milestoneId: $m, reason: "No.",
  idempotencyKey: $k }) { dispute { id state } %s } }""" % ERRORS
WITHDRAW = """mutation($d: ID!, $k: String!) { done: withdrawDispute(input: { disputeId: $d, idempotencyKey: $k }) {
  dispute { state } %s } }""" % ERRORS
DECIDE = """mutation($d: ID!, $a: MoneyInput!, $k: String!) { done: decideDispute(input: { disputeId: $d, refund: $a,
  reason: "So be it.", idempotencyKey: $k }) { dispute { state milestone { state } } %s } }""" % ERRORS
END_CONTRACT = """mutation($id: ID!, $k: String!) { done: endContract(input: { contractId: $id, idempotencyKey: $k }) {
  contract { state } %s } }""" % ERRORS
TITLES = ("Poster", "Logo", "Survey", "Menu", "Letter")


class Deeds(Hiring):
    """Does one thing after the other, each predicted."""

    def __init__(self, books, send, admin, dice):
        self.books, self.send, self.admin, self.dice = books, send, admin, dice
        "`send(token, document, variables, is_lost)` returns what the mutation answers; it is not sent twice if it is lost."
        self.count = 0

    def any(self):
        """Does something that is possible now, or something that is refused; returns what it was."""
        ways = [self.post, self.propose, self.propose, self.offer, self.offer, self.accept, self.accept, self.decline,
                self.withdraw, self.fund, self.fund, self.fund, self.release, self.release, self.refund, self.dispute,
                self.withdraw_dispute, self.decide, self.end_contract, self.refused, *self.hiring()]
        while True:
            done = self.dice.choice(ways)()
            if done:
                return done

    def _do(self, person, document, is_lost=False, **variables):
        self.count += 1
        return self.send(person.token, document, {**variables, "k": f"k{self.count}"}, is_lost)

    def post(self):
        """A client posts a job, which an admin makes free of Connects."""
        client = self.dice.choice(self.books.clients)
        title = f"{self.dice.choice(TITLES)} no. {len(self.books.posts)}"
        post = Post(client, title, None, wanted=self.dice.choice((1, 1, 2)))
        done = self._do(client, POST, t=title, w=post.wanted)
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
        freelancer.profile = done["proposal"]["freelancer"]["id"]
        return "proposals"

    def offer(self):
        """A client offers a contract."""
        proposal = self._some(self.books.proposals, lambda one: one.state in ("SUBMITTED", "INTERVIEWING"))
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
        done = self._do(offer.freelancer, ACCEPT, o=offer.id)
        contract = self.books.accept(offer)
        agree("refusals to accept", done["userErrors"], [])
        contract.id = done["contract"]["id"]
        post = offer.post and {"state": offer.post.state}
        agree("the post of an accepted offer", done["contract"]["jobPost"], post)
        nodes = done["contract"]["milestones"]["nodes"]
        for milestone, node in zip(contract.milestones, nodes):
            milestone.id = node.pop("id")
        expected = [{"number": one.number, "state": "PENDING", "amount": {"amount": money(one.cents)}}
                    for one in contract.milestones]
        agree("milestones of a contract", nodes, expected)
        return "hires"

    def decline(self):
        """A freelancer declines an offer, now and then."""
        return self._end("declineOffer", "DECLINED", lambda offer: offer.freelancer)

    def withdraw(self):
        """A client withdraws an offer, now and then."""
        return self._end("withdrawOffer", "WITHDRAWN", lambda offer: offer.client)

    def _end(self, verb, state, who):
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        if not offer or self.dice.random() < 0.5:
            return None
        done = self._do(who(offer), END.replace("VERB", verb), o=offer.id)
        self.books.end_offer(offer, state)
        proposal = offer.proposal and {"state": offer.proposal.without_offer}
        expected = {"offer": {"state": state, "proposal": proposal}, "userErrors": []}
        agree(f"the answer to {verb}", done, expected)
        return f"offers {state.lower()}"

    def fund(self):
        """A client pays for a milestone by some card."""
        milestone = self._some(self._milestones(), lambda one: one.state == "PENDING" and one.contract.state == "ACTIVE")
        if not milestone:
            return None
        client = milestone.client
        card, card_id = self.dice.choice(client.cards)
        done = self._do(client, FUND, card in LOST, m=milestone.id, c=card_id)
        state, why = self.books.pay(milestone, card)
        payment = {"state": state, "failure": why, "amount": {"amount": money(milestone.cents)}}
        agree(f"a payment by {card}", done,
              {"milestone": {"state": milestone.state}, "payment": payment, "userErrors": []})
        return f"payments {why or ('unknown' if card in LOST else 'paid')}".lower()

    def fund_and_lose(self):
        """A client pays for a milestone, if there is one, by a card that leaves nobody knowing."""
        milestone = self._some(self._milestones(), lambda one: one.state == "PENDING" and one.contract.state == "ACTIVE")
        if milestone:
            client = milestone.client
            card, card_id = next(pair for pair in client.cards if pair[0] in LOST)
            done = self._do(client, FUND, True, m=milestone.id, c=card_id)
            self.books.pay(milestone, card)
            agree("the state of a payment that is lost", done["payment"]["state"], "UNKNOWN")

    def release(self):
        """A client releases a milestone."""
        milestone = self._some(self._milestones(), lambda one: one.state == "FUNDED")
        if not milestone:
            return None
        done = self._do(milestone.client, RELEASE, m=milestone.id)
        self.books.release(milestone)
        agree("a release", done, {"milestone": {"state": "RELEASED"}, "userErrors": []})
        return "releases"

    def refund(self):
        """A freelancer gives back a milestone or a part of it, or what they do not have."""
        milestone = self._some(self._milestones(), lambda one: one.left)
        if not milestone:
            return None
        cents, amount = milestone.left, None
        is_part = milestone.state == "RELEASED" and cents > LEAST_REFUND and len(milestone.refunds) < REFUNDS_AT_MOST
        if is_part and self.dice.random() < 0.7:
            cents = self.dice.randint(LEAST_REFUND, milestone.left)
            amount = {"amount": money(cents)}
        done = self._do(milestone.freelancer, REFUND, milestone.card in REFUND_LOST, m=milestone.id, a=amount)
        if not self.books.refund(milestone, cents):
            agree("a refund without cash", done, {"milestone": None, "userErrors": [{"code": "INSUFFICIENT_CASH"}]})
            return "refused: INSUFFICIENT_CASH"
        expected = {"state": milestone.state, "refunds": _refunds(milestone)}
        agree("a refund", done, {"milestone": expected, "userErrors": []})
        return f"refunds {milestone.refunds[-1].state.lower()}"

    def dispute(self):
        """One of the sides opens a dispute."""
        milestone = self._some(self._milestones(), lambda one: one.left and not one.dispute())
        if not milestone:
            return None
        opener = self.dice.choice((milestone.client, milestone.freelancer))
        released = milestone.state == "RELEASED"
        if released and opener is milestone.freelancer:
            return self._refuse(opener, DISPUTE, "ILLEGAL_STATE", m=milestone.id)
        if released and self.books.now >= milestone.released_at + DISPUTE_LIFE:
            return self._refuse(opener, DISPUTE, "DISPUTE_TOO_LATE", m=milestone.id)
        if any(one.state == "DECIDED" for one in milestone.disputes):
            return self._refuse(opener, DISPUTE, "DISPUTE_DECIDED", m=milestone.id)
        if sum(one.opener is opener for one in milestone.disputes) >= DISPUTES_AT_MOST:
            return self._refuse(opener, DISPUTE, "TOO_MANY_DISPUTES", m=milestone.id)
        done = self._do(opener, DISPUTE, m=milestone.id)
        agree("refusals of a dispute", done["userErrors"], [])
        milestone.disputes.append(Dispute(milestone, opener, done["dispute"]["id"]))
        return "disputes"

    def withdraw_dispute(self):
        """The opener withdraws a dispute, or somebody else cannot."""
        dispute = self._some(self._disputes(), lambda one: one.state == "OPEN")
        if not dispute or self.dice.random() < 0.5:
            return None
        person = self.dice.choice((dispute.milestone.client, dispute.milestone.freelancer))
        if person is not dispute.opener:
            return self._refuse(person, WITHDRAW, "NOT_FOUND", d=dispute.id)
        done = self._do(person, WITHDRAW, d=dispute.id)
        dispute.state = "WITHDRAWN"
        agree("a withdrawn dispute", done, {"dispute": {"state": "WITHDRAWN"}, "userErrors": []})
        return "disputes withdrawn"

    def decide(self):
        """An admin decides a dispute, or what is over cannot be decided."""
        dispute = self._some(self._disputes(), lambda _: True)
        if not dispute:
            return None
        milestone = dispute.milestone
        cents = self.dice.choice((0, milestone.left, self.dice.randint(0, milestone.left)))
        decision = {"d": dispute.id, "a": {"amount": money(cents)}}
        if dispute.state != "OPEN":
            return self._refuse(self.admin, DECIDE, "ILLEGAL_STATE", **decision)
        done = self._do(self.admin, DECIDE, milestone.card in REFUND_LOST, **decision)
        self.books.decide(dispute, cents)
        expected = {"state": "DECIDED", "milestone": {"state": milestone.state}}
        agree("a decision", done, {"dispute": expected, "userErrors": []})
        return "disputes decided"

    def end_contract(self):
        """One of the sides ends a contract, now and then, or cannot."""
        contract = self._some(self.books.contracts, lambda _: True)
        if not contract or self.dice.random() < 0.5:
            return None
        person = self.dice.choice((contract.offer.client, contract.offer.freelancer))
        if contract.state == "ENDED":
            return self._refuse(person, END_CONTRACT, "ILLEGAL_STATE", id=contract.id)
        if any(one.state in ("FUNDING", "FUNDED") for one in contract.milestones):
            return self._refuse(person, END_CONTRACT, "MONEY_IN_ESCROW", id=contract.id)
        done = self._do(person, END_CONTRACT, id=contract.id)
        contract.state = "ENDED"
        agree("the end of a contract", done, {"contract": {"state": "ENDED"}, "userErrors": []})
        return "contracts ended"

    def refused(self):
        """Somebody tries what cannot be."""
        return self.dice.choice([self._answer_what_is_over, self._fund_what_is_not_theirs, self._release_early])()

    def _answer_what_is_over(self):
        offer = self._some(self.books.offers, lambda one: one.state != "NEW" and not one.is_order)
        return offer and self._refuse(offer.freelancer, ACCEPT, "ILLEGAL_STATE", o=offer.id)

    def _fund_what_is_not_theirs(self):
        milestone = self._some(self._milestones(), lambda _: True)
        if not milestone:
            return None
        other = self._some(self.books.clients, lambda one: one is not milestone.client)
        return self._refuse(other, FUND, "NOT_FOUND", m=milestone.id, c=other.cards[0][1])

    def _release_early(self):
        milestone = self._some(self._milestones(), lambda one: one.state != "FUNDED")
        if not milestone:
            return None
        return self._refuse(milestone.client, RELEASE, "ILLEGAL_STATE", m=milestone.id)

    def _refuse(self, person, document, code, **variables):
        done = self._do(person, document, **variables)
        agree("a refusal", done["userErrors"], [{"code": code}])
        return f"refused: {code}"

    def _milestones(self):
        return [one for contract in self.books.contracts for one in contract.milestones]

    def _disputes(self):
        return [dispute for one in self._milestones() for dispute in one.disputes]

    def _some(self, things, fits):
        fitting = [one for one in things if fits(one)]
        return self.dice.choice(fitting) if fitting else None


SEEN = """query($after: String) { viewer { cashAccount { balance { amount } pending { amount } receivable { amount }
  history(first: 100, after: $after) { nodes { kind amount { amount } balanceAfter { amount } effectiveAt }
  pageInfo { hasNextPage endCursor } } } } }"""
CONTRACT = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Contract { contract: state milestones(first: 100) { nodes {
  number state fundedAt released { amount } fee { amount } refunded { amount } reversed { amount } dispute { state }
  refunds { amount { amount } state } } } inEscrow { amount } } ... on Offer { offer: state }
  ... on Proposal { proposal: state } } }"""


def compare(books, client):
    """Compares what everybody sees with the model."""
    for person in [*books.freelancers, *books.clients]:
        rows, after = [], None
        while True:
            cash = client.ask(person.token, SEEN, after=after)["viewer"]["cashAccount"]
            rows += [(one["kind"], one["amount"]["amount"], one["balanceAfter"]["amount"],
                      instant(one["effectiveAt"])) for one in cash["history"]["nodes"]]
            if not cash["history"]["pageInfo"]["hasNextPage"]:
                break
            after = cash["history"]["pageInfo"]["endCursor"]
        sums = (cash["balance"]["amount"], cash["pending"]["amount"], cash["receivable"]["amount"])
        agree(f"cash of {person.name}", sums, (money(person.cash), money(books.pending(person)), money(person.owed)))
        agree(f"cash history of {person.name}", rows, person.history[::-1])
    for client_of in books.clients:
        _compare_things(books, client, client_of)


def _compare_things(books, client, whose):
    contracts = [one for one in books.contracts if one.offer.client is whose]
    others = [one for one in books.offers if one.client is whose and not one.is_order]
    others += [one for one in books.proposals if one.post.client is whose]
    things = contracts + others
    for at in range(0, len(things), 5):
        chunk = things[at:at + 5]
        nodes = client.ask(whose.token, CONTRACT, ids=[one.id for one in chunk])["nodes"]
        agree(f"what {whose.name} sees", [_read(node) for node in nodes], [_expected(one) for one in chunk])


def _read(node):
    if "milestones" not in node:
        return node
    parts = [(one["number"], one["state"], one["fundedAt"] and instant(one["fundedAt"]), one["released"]["amount"],
              one["fee"]["amount"], one["refunded"]["amount"], one["reversed"]["amount"],
              one["dispute"] and one["dispute"]["state"], one["refunds"]) for one in node["milestones"]["nodes"]]
    return node["contract"], parts, node["inEscrow"]["amount"]


def _expected(thing):
    if not hasattr(thing, "milestones"):
        return {"offer" if hasattr(thing, "cents") else "proposal": thing.state}
    parts = [(one.number, one.state, one.funded_at, money(one.released), money(one.fee - one.fee_reversed),
              money(one.refunded), money(one.reversed), one.disputes[-1].state if one.disputes else None,
              _refunds(one)) for one in thing.milestones]
    return thing.state, parts, money(sum(one.cents for one in thing.milestones if one.state == "FUNDED"))


def _refunds(milestone):
    return [{"amount": {"amount": money(one.cents)}, "state": one.state} for one in milestone.refunds]


assert set(FAILURES).isdisjoint(LOST)
