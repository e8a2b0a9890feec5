"""How people are hired, and how contracts end; and what the model says of it."""

import rows
from agreement import agree
from market import OFFER_LIFE, Offer, money

ERRORS = "userErrors { code }"
OFFER = """mutation($p: ID!, $m: [MilestoneInput!]!, $h: MoneyInput, $k: String!) { done: sendOffer(input: {
  proposalId: $p, milestones: $m, hourlyRate: $h, idempotencyKey: $k }) {
  offer { id state total { amount } hourlyRate { amount } proposal { state } } %s } }""" % ERRORS
DIRECT = """mutation($f: ID!, $m: [MilestoneInput!]!, $h: MoneyInput, $k: String!) { done: sendDirectOffer(input: {
  freelancerId: $f, title: "Work", category: DESIGN, milestones: $m, hourlyRate: $h, idempotencyKey: $k }) {
  offer { id state total { amount } hourlyRate { amount } proposal { state } } %s } }""" % ERRORS
ACCEPT = """mutation($o: ID!, $k: String!) { done: acceptOffer(input: { offerId: $o, idempotencyKey: $k }) {
  contract { id jobPost { state } milestones { nodes { id number state amount { amount } } } } wallet { held }
  %s } }""" % ERRORS
END = """mutation($o: ID!, $k: String!) { done: VERB(input: { offerId: $o, idempotencyKey: $k, reason: "No." }) {
  offer { state proposal { state } } %s } }""" % ERRORS
END_CONTRACT = """mutation($id: ID!, $k: String!) { done: endContract(input: { contractId: $id, idempotencyKey: $k }) {
  contract { state } %s } }""" % ERRORS


class Hiring:
    """The deeds; they are a part of `Deeds`."""

    def hiring(self):
        """The deeds of hiring, each as often as it shall happen."""
        return [self.offer, self.offer, self.direct, self.direct, self.accept, self.accept, self.decline, self.withdraw,
                self.end_contract]

    def offer(self):
        """A client offers a contract on the terms of their post."""
        proposal = self._some(self.books.proposals, lambda one: one.state in ("SUBMITTED", "INTERVIEWING"))
        if not proposal:
            return None
        client, row = proposal.post.client, proposal.post.row
        hourly = rows.rate(row, self.dice) if row.payment == "HOURLY" else None
        cents = [] if hourly else rows.parts(row, self.dice)
        asked = {"p": proposal.id, **_terms(cents, hourly)}
        if client.barred or proposal.freelancer.barred:
            return self._refuse(client, OFFER, client.barred or "NOT_FOUND", **asked)
        done = self._do(client, OFFER, **asked)
        offer = self.books.offer(proposal, cents, hourly)
        return self._offered(offer, done, "offers")

    def direct(self):
        """A client offers a contract to somebody who has not proposed; one at a time."""
        freelancer = self._some(self.books.freelancers, lambda one: one.profile)
        if not freelancer:
            return None
        client = self._some(self.books.clients, lambda one: one is not freelancer)
        hourly = self.dice.randint(2_000, 20_000) if self.dice.random() < 0.5 else None
        return self.offer_to(client, freelancer, [] if hourly else [self.dice.randint(500, 90_000)], hourly)

    def offer_to(self, client, freelancer, cents, hourly=None):
        """A client offers a contract to a freelancer, or cannot."""
        asked = {"f": freelancer.profile, **_terms(cents, hourly)}
        if client.barred or freelancer.barred:
            return self._refuse(client, DIRECT, client.barred or "NOT_FOUND", **asked)
        if self.is_courting(client, freelancer):
            return self._refuse(client, DIRECT, "ALREADY_OFFERED", **asked)
        done = self._do(client, DIRECT, **asked)
        offer = Offer(None, client, freelancer, cents, self.books.now + OFFER_LIFE, hourly=hourly)
        self.books.offers.append(offer)
        return self._offered(offer, done, "direct offers")

    def is_courting(self, client, freelancer):
        """Whether a direct offer of a client to a freelancer waits."""
        theirs = [one for one in self.books.offers if one.client is client and one.freelancer is freelancer]
        return any(one.state == "NEW" and not one.proposal for one in theirs)

    def _offered(self, offer, done, what):
        agree(f"refusals of {what}", done["userErrors"], [])
        offer.id = done["offer"].pop("id")
        expected = {"state": "NEW", "total": {"amount": money(sum(offer.cents))},
                    "hourlyRate": offer.hourly and {"amount": money(offer.hourly)},
                    "proposal": offer.proposal and {"state": "OFFERED"}}
        agree(f"one of {what}", done["offer"], expected)
        return f"{what}{' by the hour' if offer.hourly else ''}"

    def accept(self):
        """A freelancer accepts an offer."""
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        return offer and self.take(offer)

    def take(self, offer):
        """A freelancer accepts this offer, which is new, or cannot."""
        why = offer.freelancer.barred or offer.client.barred and "CLIENT_RESTRICTED"
        if why:
            return self._refuse(offer.freelancer, ACCEPT, why, o=offer.id)
        done = self._do(offer.freelancer, ACCEPT, o=offer.id)
        contract = self.books.accept(offer)
        agree("refusals to accept", done["userErrors"], [])
        agree("the wallet of somebody who is hired", done["wallet"], {"held": 0})
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

    def answer_what_is_over(self):
        """A freelancer accepts what they cannot accept any more."""
        offer = self._some(self.books.offers, lambda one: one.state != "NEW" and not one.is_order)
        return offer and self._refuse(offer.freelancer, ACCEPT, offer.freelancer.barred or "ILLEGAL_STATE", o=offer.id)

    def decline(self):
        """A freelancer declines an offer, now and then."""
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        if not offer or self.dice.random() < 0.5:
            return None
        return self._end(offer, "declineOffer", "DECLINED", offer.freelancer, offer.freelancer.barred, True)

    def withdraw(self):
        """A client withdraws an offer, now and then; the proposal of somebody who is suspended they do not see."""
        offer = self._some(self.books.offers, lambda one: one.state == "NEW")
        if not offer or self.dice.random() < 0.5:
            return None
        sees = not offer.freelancer.barred
        return self._end(offer, "withdrawOffer", "WITHDRAWN", offer.client, offer.client.gone, sees)

    def _end(self, offer, verb, state, person, why, sees):
        document = END.replace("VERB", verb)
        if why:
            return self._refuse(person, document, why, o=offer.id)
        done = self._do(person, document, o=offer.id)
        self.books.end_offer(offer, state)
        proposal = {"state": offer.proposal.state} if offer.proposal and sees else None
        expected = {"offer": {"state": state, "proposal": proposal}, "userErrors": []}
        agree(f"the answer to {verb}", done, expected)
        return f"offers {state.lower()}"

    def end_contract(self):
        """One of the sides ends a contract, now and then, or cannot."""
        contract = self._some(self.books.contracts, lambda _: True)
        if not contract or self.dice.random() < 0.5:
            return None
        return self.end_it(contract, self.dice.choice((contract.offer.client, contract.offer.freelancer)))

    def end_it(self, contract, person):
        """One of the sides ends this contract, or cannot."""
        if contract.state == "ENDED":
            return self._refuse(person, END_CONTRACT, person.gone or "ILLEGAL_STATE", id=contract.id)
        if any(one.state in ("FUNDING", "FUNDED") for one in contract.milestones):
            return self._refuse(person, END_CONTRACT, "MONEY_IN_ESCROW", id=contract.id)
        done = self._do(person, END_CONTRACT, id=contract.id)
        contract.state = "ENDED"
        agree("the end of a contract", done, {"contract": {"state": "ENDED"}, "userErrors": []})
        return "contracts ended"


def _terms(cents, hourly):
    parts = [{"title": f"Part {n}", "amount": {"amount": money(one)}} for n, one in enumerate(cents, 1)]
    return {"m": parts, "h": hourly and {"amount": money(hourly)}}
