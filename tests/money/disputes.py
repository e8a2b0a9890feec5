"""How people dispute, and an admin decides; and what the model says of it."""

from agreement import agree
from market import DISPUTE_LIFE, DISPUTES_AT_MOST, REFUND_LOST, Dispute, money

ERRORS = "userErrors { code }"
DISPUTE = """mutation($m: ID!, $k: String!) { done: openDispute(input: { milestoneId: $m, reason: "No.",
  idempotencyKey: $k }) { dispute { id state } %s } }""" % ERRORS
WITHDRAW = """mutation($d: ID!, $k: String!) { done: withdrawDispute(input: { disputeId: $d, idempotencyKey: $k }) {
  dispute { state } %s } }""" % ERRORS
DECIDE = """mutation($d: ID!, $a: MoneyInput!, $k: String!) { done: decideDispute(input: { disputeId: $d, refund: $a,
  reason: "So be it.", idempotencyKey: $k }) { dispute { state milestone { state } } %s } }""" % ERRORS


class Disputing:
    """The deeds; they are a part of `Deeds`."""

    def disputing(self):
        """The deeds of disputes, each as often as it shall happen."""
        return [self.dispute, self.withdraw_dispute, self.decide]

    def dispute(self):
        """One of the sides, or now and then an admin, opens a dispute, or cannot."""
        milestone = self._some(self.books.milestones, lambda one: one.left and not one.dispute())
        if not milestone:
            return None
        return self.dispute_by(self.dice.choice((*(milestone.client, milestone.freelancer) * 2, self.admin)), milestone)

    def dispute_by(self, opener, milestone):
        """One of the sides, or an admin, opens a dispute over this milestone, which has none that is open, or cannot."""
        why = opener.barred or self._why_not(milestone, opener)
        if why:
            return self._refuse(opener, DISPUTE, why, m=milestone.id)
        done = self._do(opener, DISPUTE, m=milestone.id)
        agree("refusals of a dispute", done["userErrors"], [])
        milestone.disputes.append(Dispute(milestone, opener, done["dispute"]["id"]))
        return "disputes opened by an admin" if opener is self.admin else "disputes"

    def _why_not(self, milestone, opener):
        released = milestone.state == "RELEASED"
        if released and opener is milestone.freelancer:
            return "ILLEGAL_STATE"
        if released and self.books.now >= milestone.released_at + DISPUTE_LIFE:
            return "DISPUTE_TOO_LATE"
        if any(one.state == "DECIDED" for one in milestone.disputes):
            return "DISPUTE_DECIDED"
        return sum(one.opener is opener for one in milestone.disputes) >= DISPUTES_AT_MOST and "TOO_MANY_DISPUTES"

    def withdraw_dispute(self):
        """The opener withdraws a dispute, or somebody else cannot."""
        dispute = self._some(self._disputes(), lambda one: one.state == "OPEN")
        if not dispute or self.dice.random() < 0.5:
            return None
        person = self.dice.choice((dispute.milestone.client, dispute.milestone.freelancer))
        if dispute.opener is self.admin:
            person = self.dice.choice((person, self.admin))
        if person is not dispute.opener:
            return self._refuse(person, WITHDRAW, "NOT_FOUND", d=dispute.id)
        return self.drop(dispute)

    def drop(self, dispute):
        """The opener withdraws this dispute, which is open."""
        done = self._do(dispute.opener, WITHDRAW, d=dispute.id)
        dispute.state = "WITHDRAWN"
        agree("a withdrawn dispute", done, {"dispute": {"state": "WITHDRAWN"}, "userErrors": []})
        return "disputes withdrawn"

    def close_dispute(self, dispute):
        """The opener withdraws this dispute, or the admin that opened it decides it."""
        return self.decide_it(dispute, 0) if dispute.opener is self.admin else self.drop(dispute)

    def decide(self):
        """An admin decides a dispute, or cannot."""
        dispute = self._some(self._disputes(), lambda one: one.state == "OPEN" or self.dice.random() < 0.1)
        if not dispute:
            return None
        left = dispute.milestone.left
        return self.decide_it(dispute, self.dice.choice((0, left, self.dice.randint(0, left))))

    def decide_it(self, dispute, cents):
        """An admin decides this dispute, or cannot: it is over, or the freelancer may not be paid."""
        milestone = dispute.milestone
        decision = {"d": dispute.id, "a": {"amount": money(cents)}}
        pays = milestone.state == "FUNDED" and cents < milestone.left
        is_open = dispute.state == "OPEN"
        why = not is_open and "ILLEGAL_STATE" or pays and milestone.freelancer.barred and "FREELANCER_RESTRICTED"
        if why:
            return self._refuse(self.admin, DECIDE, why, **decision)
        is_lost = bool(cents) and milestone.card in REFUND_LOST
        done = self._do(self.admin, DECIDE, is_lost, **decision)
        self.books.decide(dispute, cents)
        expected = {"dispute": {"state": "DECIDED", "milestone": {"state": milestone.state}}, "userErrors": []}
        agree("a decision", done, expected)
        if self.can_ask_again(is_lost):
            again = self._again()
            self.books.learn_back(milestone.refunds[-1])
            agree("a decision that is sent again", again, expected)
        return "disputes decided"

    def _disputes(self):
        return [dispute for one in self.books.milestones for dispute in one.disputes]
