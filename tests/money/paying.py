"""How contracts are paid, and how money goes back; and what the model says of it."""

from fractions import Fraction

from agreement import agree
from market import (FAILURES_A_DAY, INVOICES_AT_MOST, LEAST_PART, LEAST_REFUND, LOST, REFUND_LOST, REFUNDS_AT_MOST, VISA,
                    Milestone, half_up, money)

ERRORS = "userErrors { code }"
FUND = """mutation($m: ID!, $c: ID!, $k: String!) { done: fundMilestone(input: { milestoneId: $m,
  paymentMethodId: $c, idempotencyKey: $k }) { milestone { state } payment { id state failure amount { amount } }
  %s } }""" % ERRORS
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m,
  idempotencyKey: $k }) { milestone { state } %s } }""" % ERRORS
REFUND = """mutation($m: ID!, $a: MoneyInput, $k: String!) { done: refundMilestone(input: { milestoneId: $m, amount: $a,
  idempotencyKey: $k }) { milestone { state refunds { amount { amount } state } } %s } }""" % ERRORS
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

    def card_of(self, client):
        """A card, mostly one that works; one that surely works before too many payments of a day have failed."""
        if client.failures(self.books.now) >= FAILURES_A_DAY - 1:
            return VISA
        cards = list(client.cards)
        return self.dice.choices(cards, [3 if card == VISA else 1 for card in cards])[0]

    def fund(self):
        """A client pays for a milestone by some card."""
        milestone = self.unpaid()
        return milestone and self.pay_by(milestone, self.card_of(milestone.client))

    def unpaid(self):
        """A milestone that could be paid for."""
        return self._some(self.books.milestones, lambda one: one.state == "PENDING" and one.contract.state == "ACTIVE")

    def pay_by(self, milestone, card):
        """A client pays for this milestone by this card, or cannot."""
        client = milestone.client
        asked = {"m": milestone.id, "c": client.cards[card]}
        why = client.barred or milestone.freelancer.barred and "FREELANCER_RESTRICTED"
        why = why or client.failures(self.books.now) >= FAILURES_A_DAY and "THROTTLED"
        if why:
            return self._refuse(client, FUND, why, **asked)
        done = self._do(client, FUND, card in LOST, **asked)
        payment = self.books.pay(milestone, card)
        payment.id = done["payment"]["id"]
        self._paid(milestone, done)
        if self.can_ask_again(card in LOST):
            again = self._again()
            self.books.learn(milestone)
            self._paid(milestone, again)
            return "payments known after a kill"
        return f"payments {payment.failure or payment.state}".lower()

    def _paid(self, milestone, done):
        payment = milestone.payment
        expected = {"id": payment.id, "state": payment.state, "failure": payment.failure,
                    "amount": {"amount": money(milestone.cents)}}
        agree(f"a payment by {payment.card}", done,
              {"milestone": {"state": milestone.state}, "payment": expected, "userErrors": []})

    def fund_what_is_not_theirs(self):
        """A client pays for another one's milestone, and is refused."""
        milestone = self._some(self.books.milestones, lambda _: True)
        if not milestone:
            return None
        other = self._some(self.books.clients, lambda one: one is not milestone.client)
        return self._refuse(other, FUND, other.barred or "NOT_FOUND", m=milestone.id, c=other.cards[VISA])

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
            agree("a refund without cash", done, {"milestone": None, "userErrors": [{"code": "INSUFFICIENT_CASH"}]})
            return "refused: INSUFFICIENT_CASH"
        self._refunded(milestone, done)
        refund = milestone.refunds[-1]
        if self.can_ask_again(is_lost):
            again = self._again()
            self.books.learn_back(refund)
            self._refunded(milestone, again)
            return "refunds known after a kill"
        return f"refunds {refund.state.lower()}"

    def _refunded(self, milestone, done):
        agree("a refund", done, {"milestone": {"state": milestone.state, "refunds": refunds_of(milestone)}, "userErrors": []})

    def invoice(self):
        """A freelancer invoices hours, or more of them than may wait."""
        contract = self._some(self.books.contracts, lambda one: one.offer.hourly)
        if not contract:
            return None
        rate, freelancer, parts = contract.offer.hourly, contract.offer.freelancer, contract.milestones
        minutes = self.dice.randint(max(15, -(-LEAST_PART * 60 // rate)), 2_400)
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


def refunds_of(milestone):
    """The refunds of a milestone as the API shows them."""
    return [{"amount": {"amount": money(one.cents)}, "state": one.state} for one in milestone.refunds]
