"""How contracts are paid, and how money goes back; and what the model says of it."""

from fractions import Fraction

import answers
from agreement import agree
from market import (CASH, FAILURES_A_DAY, INVOICES_AT_MOST, LEAST_PART, LEAST_REFUND, LOST, REFUND_LOST, REFUNDS_AT_MOST,
                    VISA, Milestone, half_up, money)

ERRORS = "userErrors { code }"
FUND = """mutation($m: ID!, $c: ID, $cash: Boolean!, $k: String!) { done: fundMilestone(input: { milestoneId: $m,
  paymentMethodId: $c, fromCash: $cash, idempotencyKey: $k }) { milestone { state } %s %s %s } }""" % (
    answers.PAYMENT, answers.CASH, answers.ERRORS)
NO_ONE_WAY = """mutation($m: ID!, $c: ID, $cash: Boolean!, $k: String!) { done: fundMilestone(input: { milestoneId: $m,
  paymentMethodId: $c, fromCash: $cash, idempotencyKey: $k }) { userErrors { code field } } }"""
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m,
  idempotencyKey: $k }) { milestone { state } %s } }""" % ERRORS
REFUND = """mutation($m: ID!, $a: MoneyInput, $k: String!) { done: refundMilestone(input: { milestoneId: $m, amount: $a,
  idempotencyKey: $k }) { milestone { state refunds { amount { amount } state } } %s %s } }""" % (
    answers.CASH, answers.ERRORS)
INVOICE = """mutation($c: ID!, $n: Int!, $k: String!) { done: submitInvoice(input: { contractId: $c, title: "Hours",
  minutes: $n, idempotencyKey: $k }) { milestone { id number state minutes amount { amount } } %s } }""" % ERRORS
TAKE_BACK = """mutation($m: ID!, $k: String!) { done: withdrawInvoice(input: { milestoneId: $m, idempotencyKey: $k }) {
  milestone { state } %s } }""" % ERRORS


class Paying:
    """The deeds; they are a part of `Deeds`."""

    def paying(self):
        """The deeds of paying, each as often as it shall happen."""
        return [self.fund, self.fund, self.fund, self.fund, self.release, self.release, self.refund, self.invoice,
                self.invoice, self.invoice, self.take_back]

    def card_of(self, client, cents):
        """A card for so much, or cash, more often if there is enough.

        The card is mostly one that works, and surely one before too many payments of a day have failed.
        """
        if self.dice.random() < (0.5 if client.cash >= cents else 0.05):
            return CASH
        if client.failures(self.books.now) >= FAILURES_A_DAY - 1:
            return VISA
        cards = list(client.cards)
        return self.dice.choices(cards, [3 if card == VISA else 1 for card in cards])[0]

    def fund(self):
        """A client pays for a milestone by some card, or from cash."""
        milestone = self.unpaid()
        return milestone and self.pay_by(milestone, self.card_of(milestone.client, milestone.cents))

    def unpaid(self):
        """A milestone that could be paid for."""
        return self._some(self.books.milestones, lambda one: one.state == "PENDING" and one.contract.state == "ACTIVE")

    def pay_by(self, milestone, card):
        """A client pays for this milestone by this card, or from cash, or cannot."""
        client = milestone.client
        asked = {"m": milestone.id, **way(client, card)}
        why = client.barred or milestone.freelancer.barred and "FREELANCER_RESTRICTED"
        why = why or self._why_no_payment(client, card)
        if why:
            return self._refuse(client, FUND, why, **asked)
        if card == CASH and client.cash < milestone.cents:
            return self._refuse_cash(client, FUND, milestone.cents, **asked)
        done = self._do(client, FUND, card in LOST, **asked)
        payment = self.books.pay(milestone, card)
        payment.id = done["payment"]["id"]
        self._paid(milestone, done)
        if self.can_ask_again(card in LOST):
            again = self._again()
            self.books.learn(milestone)
            self._paid(milestone, again)
            return "payments known after a kill"
        return "payments from cash" if card == CASH else f"payments {payment.failure or payment.state}".lower()

    def _why_no_payment(self, client, card):
        """The code with which a card is refused after too many payments of a day have failed; cash never is."""
        return card != CASH and client.failures(self.books.now) >= FAILURES_A_DAY and "THROTTLED"

    def _paid(self, milestone, done):
        agree(f"a payment by {milestone.card}", done, {
            "milestone": {"state": milestone.state}, "payment": answers.payment_of(milestone.payment),
            "cashAccount": answers.cash_of(milestone.client), "userErrors": []})

    def fund_what_is_not_theirs(self):
        """A client pays for another one's milestone, and is refused."""
        milestone = self._some(self.books.milestones, lambda _: True)
        if not milestone:
            return None
        other = self._some(self.books.clients, lambda one: one is not milestone.client)
        card = self.dice.choice((VISA, CASH))
        return self._refuse(other, FUND, other.barred or "NOT_FOUND", m=milestone.id, **way(other, card))

    def fund_in_no_one_way(self):
        """A client pays by a card and from cash, or by neither, and is refused, whatever they may do otherwise."""
        milestone = self._some(self.books.milestones, lambda _: True)
        if not milestone:
            return None
        card, cash = self.dice.choice(((milestone.client.cards[VISA], True), (None, False)))
        where = {"field": ["input", "paymentMethodId"]}
        return self._refuse(milestone.client, NO_ONE_WAY, "INVALID_INPUT", where, m=milestone.id, c=card, cash=cash)

    def release(self):
        """A client releases a milestone."""
        milestone = self._some(self.books.milestones, lambda one: one.state == "FUNDED")
        return milestone and self.let_go(milestone)

    def let_go(self, milestone):
        """A client, who may be suspended, releases this milestone, which is funded, or cannot."""
        if milestone.freelancer.barred:
            return self._refuse(milestone.client, RELEASE, "FREELANCER_RESTRICTED", m=milestone.id)
        done = self._do(milestone.client, RELEASE, m=milestone.id)
        self.books.release(milestone)
        agree("a release", done, {"milestone": {"state": "RELEASED"}, "userErrors": []})
        return "releases"

    def release_early(self):
        """A client releases a milestone of which no money is in escrow, and is refused."""
        milestone = self._some(self.books.milestones, lambda one: one.state != "FUNDED")
        if not milestone:
            return None
        return self._refuse(milestone.client, RELEASE, milestone.client.gone or "ILLEGAL_STATE", m=milestone.id)

    def refund(self):
        """A freelancer gives back a milestone or a part of it."""
        milestone = self._some(self.books.milestones, lambda one: one.left)
        if not milestone:
            return None
        cents = milestone.left
        is_part = milestone.state == "RELEASED" and cents > LEAST_REFUND and len(milestone.refunds) < REFUNDS_AT_MOST
        if is_part and self.dice.random() < 0.7:
            cents = self.dice.randint(LEAST_REFUND, milestone.left)
        return self.give_back(milestone, cents)

    def give_back(self, milestone, cents):
        """A freelancer gives back so much of this milestone, or cannot; if they are suspended, only out of escrow."""
        person, is_lost = milestone.freelancer, milestone.card in REFUND_LOST
        asked = {"m": milestone.id, "a": None if cents == milestone.left else {"amount": money(cents)}}
        why = person.gone if milestone.state == "FUNDED" else person.barred
        if why:
            return self._refuse(person, REFUND, why, **asked)
        done = self._do(person, REFUND, is_lost, **asked)
        if not self.books.refund(milestone, cents):
            why = {"code": "INSUFFICIENT_CASH", **answers.lack("amount", cents - milestone.fee_in(cents), person.cash)}
            agree("a refund without cash", done, {"milestone": None, "cashAccount": None, "userErrors": [why]})
            return "refused: INSUFFICIENT_CASH to give back"
        self._refunded(milestone, done)
        refund = milestone.refunds[-1]
        if self.can_ask_again(is_lost):
            again = self._again()
            self.books.learn_back(refund)
            self._refunded(milestone, again)
            return "refunds known after a kill"
        return f"refunds {refund.state.lower()}"

    def _refunded(self, milestone, done):
        agree("a refund", done, {
            "milestone": {"state": milestone.state, "refunds": refunds_of(milestone)},
            "cashAccount": answers.cash_of(milestone.freelancer), "userErrors": []})

    def invoice(self):
        """A freelancer invoices hours."""
        contract = self._some(self.books.contracts, lambda one: one.offer.hourly)
        if not contract:
            return None
        return self.bill(contract, self.dice.randint(max(15, -(-LEAST_PART * 60 // contract.offer.hourly)), 2_400))

    def bill(self, contract, minutes):
        """The freelancer of this contract invoices so much time, or cannot: too many invoices may wait."""
        rate, freelancer, parts = contract.offer.hourly, contract.offer.freelancer, contract.milestones
        asked = {"c": contract.id, "n": minutes}
        too_many = sum(one.state == "PENDING" for one in parts) >= INVOICES_AT_MOST
        ended = contract.state == "ENDED"
        why = freelancer.barred or ended and "ILLEGAL_STATE" or too_many and "TOO_MANY_INVOICES"
        if why:
            return self._refuse(freelancer, INVOICE, why, **asked)
        done = self._do(freelancer, INVOICE, **asked)
        agree("refusals of an invoice", done["userErrors"], [])
        cents = half_up(Fraction(rate * minutes, 60))
        milestone = Milestone(contract, len(parts) + 1, cents, done["milestone"].pop("id"))
        parts.append(milestone)
        expected = {"number": milestone.number, "state": "PENDING", "minutes": minutes, "amount": {"amount": money(cents)}}
        agree("an invoice", done["milestone"], expected)
        return "invoices"

    def take_back(self):
        """A freelancer withdraws an invoice, now and then, or cannot."""
        milestone = self._some(self.books.milestones, lambda one: one.contract.offer.hourly)
        if not milestone or self.dice.random() < 0.7:
            return None
        why = milestone.freelancer.gone or milestone.state != "PENDING" and "ILLEGAL_STATE"
        if why:
            return self._refuse(milestone.freelancer, TAKE_BACK, why, m=milestone.id)
        done = self._do(milestone.freelancer, TAKE_BACK, m=milestone.id)
        milestone.state = "WITHDRAWN"
        agree("a withdrawn invoice", done, {"milestone": {"state": "WITHDRAWN"}, "userErrors": []})
        return "invoices withdrawn"


def way(client, card):
    """How a client says that they pay by this card, or from cash."""
    return {"c": client.cards.get(card), "cash": card == CASH}


def refunds_of(milestone):
    """The refunds of a milestone as the API shows them."""
    return [{"amount": {"amount": money(one.cents)}, "state": one.state} for one in milestone.refunds]
