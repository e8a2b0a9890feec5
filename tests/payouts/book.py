"""The model: what waits, what a plan says, and what comes of each payout. It shares no code with the server."""

from datetime import timedelta

from dates import DAY, is_business, start_of
from payees import LIMIT, Payout

AT_NIGHT = timedelta(hours=3)
"When the task pays what was withdrawn, on each business day."
AT_ONCE = 500
"What the task pays in one transaction; between two of them a process may be killed, or another one may ask."


class Book:
    """All payouts, and the clock."""

    def __init__(self, now):
        self.now = now
        self.payouts, self.waiting = {}, {}
        "By their keys."
        self.sent = []
        self.for_admins = False
        "Whether the task has left something to the admins."
        self.may_be_held = set()
        "What a run sends in several transactions to accounts that fail: it may be held before it goes out."

    def withdraw(self, payable, key):
        """Somebody withdraws what they want to be paid; a request that is repeated makes nothing new."""
        if key not in self.payouts:
            payable.person.cash -= payable.cents
            payout = Payout(payable, key)
            payable.payouts.append(payout)
            self.payouts[key] = self.waiting[key] = payout

    def cancel(self, payout):
        """Somebody cancels a withdrawal that waits."""
        del self.waiting[payout.key]
        payout.person.cash += payout.payable.cents
        payout.state, payout.hold, payout.failure = "FAILED", None, "CANCELLED"

    def hold_of(self, person):
        """What stands in the way of paying somebody now."""
        if not is_business(self.now.date()):
            return "NOT_A_BUSINESS_DAY"
        if self.now < person.method.usable_at:
            return "PAYOUT_METHOD_CHANGED"
        return "PAYOUT_METHOD_FAILED" if person.method.failed else None

    def plan(self):
        """What would be paid now, and how many cents would be paid and held."""
        paying = [one for one in self.waiting.values() if not self.hold_of(one.person)]
        total = sum(one.payable.cents for one in paying)
        return paying, total, sum(one.payable.cents for one in self.waiting.values()) - total

    def run(self):
        """The task pays what waits, or leaves all of it to the admins; how much it leaves."""
        paying, total, _ = self.plan()
        self._note()
        if total > LIMIT:
            self.for_admins = True
            return len(paying)
        if len(paying) > AT_ONCE:
            self.may_be_held |= {one.key for one in paying if one.person.method.way.failure}
        self._send(paying)
        return 0

    def apply(self):
        """Admins have the plan carried out, all of it at once."""
        paying = self.plan()[0]
        self._note()
        self._send(paying)
        self.for_admins = False

    def _note(self):
        for payout in self.waiting.values():
            payout.hold = self.hold_of(payout.person)
            payout.state = "HELD" if payout.hold else "SCHEDULED"

    def _send(self, paying):
        for payout in paying:
            del self.waiting[payout.key]
            payout.method, payout.state, payout.hold = payout.person.method, "PROCESSING", None
            self.sent.append(payout)

    def settle(self):
        """What the provider makes of all that was sent is known by now."""
        for payout in self.sent:
            payout.failure = payout.method.way.failure
            payout.state = "FAILED" if payout.failure else "PAID"
            if payout.failure:
                payout.method.failed = True
                payout.person.cash += payout.payable.cents
        self.sent.clear()

    def hold_back(self, payout):
        """One of several transactions of a run found that the account had failed: the payout never went out."""
        payout.person.cash -= payout.payable.cents
        payout.state, payout.hold, payout.failure, payout.method = "HELD", "PAYOUT_METHOD_FAILED", None, None
        self.waiting[payout.key] = payout

    def pass_time(self, to):
        """Lets time pass; on each business day the task pays in the night, if anything waits."""
        night = start_of(self.now.date()) + AT_NIGHT
        while night <= to:
            if night > self.now and is_business(night.date()) and self.waiting:
                self.now = night
                self.run()
                self.settle()
            night += DAY
        self.now = to

    def rows(self):
        """How each payout stands, by its key."""
        return {one.key: (one.person.email, one.payable.cents, one.state, one.hold, one.failure, *one.paid)
                for one in self.payouts.values()}

    def transfers(self):
        """What the provider must know, by the key: where to, how much, how often it heard of it, and what came of it."""
        return {one.key: (one.method.account, *one.paid, one.method.way.attempts, True, one.method.way.failure)
                for one in self.payouts.values() if one.method}
