"""How people are hired but by an offer to a proposal, what they say, and what hours cost; and what the model says of it."""

from fractions import Fraction

from agreement import agree
from market import (LIVE, OFFER_LIFE, POST_LIFE, Milestone, Offer, Project, half_up, money)

ERRORS = "userErrors { code }"
SAY = """mutation($p: ID!, $k: String!) { done: sendMessage(input: { proposalId: $p, body: "Hello!", idempotencyKey: $k }) {
  message { room { proposal { state } } } %s } }""" % ERRORS
DIRECT = """mutation($f: ID!, $m: [MilestoneInput!]!, $h: MoneyInput, $k: String!) { done: sendDirectOffer(input: {
  freelancerId: $f, title: "Work", category: DESIGN, milestones: $m, hourlyRate: $h, idempotencyKey: $k }) {
  offer { id state total { amount } hourlyRate { amount } proposal { id } } %s } }""" % ERRORS
INVOICE = """mutation($c: ID!, $n: Int!, $k: String!) { done: submitInvoice(input: { contractId: $c, title: "Hours",
  minutes: $n, idempotencyKey: $k }) { milestone { id number state minutes amount { amount } } %s } }""" % ERRORS
TAKE_BACK = """mutation($m: ID!, $k: String!) { done: withdrawInvoice(input: { milestoneId: $m, idempotencyKey: $k }) {
  milestone { state } %s } }""" % ERRORS
PUBLISH = """mutation($a: MoneyInput!, $k: String!) { done: publishProject(input: { idempotencyKey: $k, content: {
  title: "Project", description: "Work.", category: DESIGN, price: $a } }) { project { id state price { amount } } %s } }
  """ % ERRORS
ORDER = """mutation($p: ID!, $a: MoneyInput!, $c: ID!, $k: String!) { done: orderProject(input: { projectId: $p,
  expectedPrice: $a, paymentMethodId: $c, idempotencyKey: $k }) { milestone { id state contract { id state } }
  payment { state failure amount { amount } } %s } }""" % ERRORS
LOST = ("tok_lost_before", "tok_lost_after")
INVOICES_AT_MOST = 10


class Hiring:
    """The deeds; they are a part of `Deeds`."""

    def hiring(self):
        """The deeds by which people are hired otherwise."""
        return [self.say, self.say, self.direct, self.direct, self.invoice, self.invoice, self.take_back, self.publish,
                self.order]

    def say(self):
        """One of the sides of a proposal writes, or cannot."""
        proposal = self._some(self.books.proposals, lambda _: True)
        if not proposal:
            return None
        client = proposal.post.client
        person = self.dice.choice((client, proposal.freelancer))
        if proposal.state not in (*LIVE, "HIRED"):
            return self._refuse(person, SAY, "ILLEGAL_STATE", p=proposal.id)
        if person is not client and not proposal.has_room:
            return self._refuse(person, SAY, "ROOM_NOT_OPEN", p=proposal.id)
        done = self._do(person, SAY, p=proposal.id)
        if person is client:
            proposal.has_room = True
            if proposal.state == "SUBMITTED":
                proposal.state = "INTERVIEWING"
            if proposal.post.state == "OPEN":
                proposal.post.deadline = self.books.now + POST_LIFE
        expected = {"message": {"room": {"proposal": {"state": proposal.state}}}, "userErrors": []}
        agree("a message", done, expected)
        return "messages"

    def direct(self):
        """A client offers a contract to somebody who has not proposed; one at a time."""
        freelancer = self._some(self.books.freelancers, lambda one: one.profile)
        if not freelancer:
            return None
        client = self.dice.choice(self.books.clients)
        is_hourly = self.dice.random() < 0.5
        cents = [] if is_hourly else [self.dice.randint(500, 90_000)]
        rate = self.dice.randint(2_000, 20_000) if is_hourly else None
        asked = {"f": freelancer.profile, "m": [{"title": "All", "amount": {"amount": money(one)}} for one in cents],
                 "h": rate and {"amount": money(rate)}}
        theirs = [one for one in self.books.offers if one.client is client and one.freelancer is freelancer]
        if any(one.state == "NEW" and not one.proposal for one in theirs):
            return self._refuse(client, DIRECT, "ALREADY_OFFERED", **asked)
        done = self._do(client, DIRECT, **asked)
        agree("refusals of a direct offer", done["userErrors"], [])
        offer = Offer(None, client, freelancer, cents, self.books.now + OFFER_LIFE, done["offer"].pop("id"), hourly=rate)
        self.books.offers.append(offer)
        expected = {"state": "NEW", "total": {"amount": money(sum(cents))}, "proposal": None,
                    "hourlyRate": rate and {"amount": money(rate)}}
        agree("a direct offer", done["offer"], expected)
        return "direct offers"

    def invoice(self):
        """A freelancer invoices hours, or more of them than may wait."""
        contract = self._some(self.books.contracts, lambda one: one.offer.hourly)
        if not contract:
            return None
        minutes = self.dice.randint(15, 2_400)
        asked = {"c": contract.id, "n": minutes}
        freelancer, parts = contract.offer.freelancer, contract.milestones
        if contract.state == "ENDED":
            return self._refuse(freelancer, INVOICE, "ILLEGAL_STATE", **asked)
        if sum(one.state == "PENDING" for one in parts) >= INVOICES_AT_MOST:
            return self._refuse(freelancer, INVOICE, "TOO_MANY_INVOICES", **asked)
        done = self._do(freelancer, INVOICE, **asked)
        agree("refusals of an invoice", done["userErrors"], [])
        cents = half_up(Fraction(contract.offer.hourly * minutes, 60))
        milestone = Milestone(contract, len(parts) + 1, cents, done["milestone"].pop("id"))
        parts.append(milestone)
        expected = {"number": milestone.number, "state": "PENDING", "minutes": minutes, "amount": {"amount": money(cents)}}
        agree("an invoice", done["milestone"], expected)
        return "invoices"

    def take_back(self):
        """A freelancer withdraws an invoice, now and then, or cannot."""
        invoices = [one for contract in self.books.contracts if contract.offer.hourly for one in contract.milestones]
        milestone = self._some(invoices, lambda _: True)
        if not milestone or self.dice.random() < 0.7:
            return None
        if milestone.state != "PENDING":
            return self._refuse(milestone.freelancer, TAKE_BACK, "ILLEGAL_STATE", m=milestone.id)
        done = self._do(milestone.freelancer, TAKE_BACK, m=milestone.id)
        milestone.state = "WITHDRAWN"
        agree("a withdrawn invoice", done, {"milestone": {"state": "WITHDRAWN"}, "userErrors": []})
        return "invoices withdrawn"

    def publish(self):
        """A freelancer publishes a project, of a few."""
        if len(self.books.projects) >= 10:
            return None
        freelancer, cents = self.dice.choice(self.books.freelancers), self.dice.randint(500, 90_000)
        done = self._do(freelancer, PUBLISH, a={"amount": money(cents)})
        agree("refusals of a project", done["userErrors"], [])
        self.books.projects.append(Project(freelancer, cents, done["project"].pop("id")))
        agree("a project", done["project"], {"state": "PUBLISHED", "price": {"amount": money(cents)}})
        return "projects"

    def order(self):
        """A client orders a project by some card, at another price than it has, or before the last order is paid."""
        project = self._some(self.books.projects, lambda _: True)
        if not project:
            return None
        client = self.dice.choice(self.books.clients)
        card, card_id = self.dice.choice(client.cards)
        asked = {"p": project.id, "c": card_id, "a": {"amount": money(project.cents)}}
        if self.dice.random() < 0.1:
            return self._refuse(client, ORDER, "PRICE_CHANGED", **{**asked, "a": {"amount": money(project.cents + 1)}})
        theirs = [one for one in self.books.contracts if one.offer.is_order and one.state == "ACTIVE"
                  and one.offer.client is client and one.offer.freelancer is project.freelancer]
        if any(one.state == "PENDING" for contract in theirs for one in contract.milestones):
            return self._refuse(client, ORDER, "ORDER_UNPAID", **asked)
        done = self._do(client, ORDER, card in LOST, **asked)
        agree("refusals of an order", done["userErrors"], [])
        offer = Offer(None, client, project.freelancer, [project.cents], self.books.now + OFFER_LIFE, is_order=True)
        self.books.offers.append(offer)
        contract = self.books.accept(offer)
        milestone = contract.milestones[0]
        state, why = self.books.pay(milestone, card)
        milestone.id, contract.id = done["milestone"].pop("id"), done["milestone"]["contract"].pop("id")
        payment = {"state": state, "failure": why, "amount": {"amount": money(project.cents)}}
        agree("an order", done, {"milestone": {"state": milestone.state, "contract": {"state": "ACTIVE"}},
                                 "payment": payment, "userErrors": []})
        return "orders"
