"""The model of payouts: plans, runs, admins, and what the provider does (F-7, W-1, W-4, W-5)."""

from dataclasses import dataclass, field
from datetime import timedelta

from dates import DAY, business, converted, is_business, next_tick, pay_day, start_of
from things import Payout

MINIMUM = 1_000
LIMIT = 1_000_000
"What the task pays by itself in one run, and what one admin may have paid alone."
ASK_AGAIN = timedelta(minutes=2)
WAITING = ("SCHEDULED", "HELD")


@dataclass
class Line:
    """A line of a plan: something that is due to somebody."""

    person: object
    cents: int
    hold: str = None
    payout: Payout = None
    locks: list = field(default_factory=list)

    @property
    def paid(self):
        """What the person gets, if it is paid: minor units and currency."""
        method = self.person.method
        return None if self.hold else (converted(self.cents, method.currency), method.currency)


class Outgoing:
    """A part of `Year`."""

    def plan(self, purpose):
        """What would be paid now, and why the rest would not."""
        lines = self._commissions() if purpose == "COMMISSIONS" else self._withdrawals()
        for line in lines:
            if not is_business(self.now.date()):
                line.hold = "NOT_A_BUSINESS_DAY"
        return lines

    def _commissions(self):
        lines, stopped = {}, self._stopped()
        for lock in self.due_locks():
            why = stopped.get(lock.commission)
            line = lines.setdefault((lock.commission.affiliate, why), Line(lock.commission.affiliate.person, 0, why))
            line.locks.append(lock)
            line.cents += lock.cents
        for (affiliate, why), line in lines.items():
            line.hold = why or self._wait(affiliate.person, line.locks) or self._hold(affiliate.person, affiliate.state)
        return list(lines.values())

    def _stopped(self):
        """Why commissions that are due are not paid, whoever earns them: fraud, or what may be, and terms (F-8, F-9)."""
        due = self.due_commissions()
        outside = [lock.commission for lock in self.due_locks() if lock.commission not in due]
        outside += [one for one in due if self.outside(one, self.now) or self.upheld_at(one.attribution.client)]
        return dict.fromkeys(self.suspected(due), "UNDER_REVIEW") | dict.fromkeys(outside, "OUTSIDE_TERMS")

    def _withdrawals(self):
        return [Line(one.person, one.cents, self._hold(one.person), one) for one in self.payouts if one.state in WAITING]

    def _wait(self, person, locks):
        """Why commissions that are due are not paid today (F-7)."""
        cents, since = sum(one.cents for one in locks), self._enough_since(locks)
        if person.schedule == "THRESHOLD":
            return "BELOW_THRESHOLD" if cents < person.threshold else None
        if self.now.date() < pay_day(since, {"FIRST": 1, "FIFTEENTH": 15}[person.schedule]):
            return "PAID_LATER"
        return "BELOW_MINIMUM" if cents < MINIMUM else None

    @staticmethod
    def _enough_since(locks):
        """Since when so much is due that it can be paid; without that, since when anything is (F-7)."""
        in_order, total = sorted(locks, key=lambda one: one.due_at), 0
        for lock in in_order:
            total += lock.cents
            if total >= MINIMUM:
                return lock.due_at
        return in_order[0].due_at

    @staticmethod
    def _was_refused(person):
        """Whether the last payout to the account in use was refused: nothing more goes there (F-7)."""
        there = [one for one in person.payouts if one.method is person.method]
        return bool(there) and there[-1].failure in ("INVALID_DETAILS", "ACCOUNT_CLOSED", "REFUSED")

    def _hold(self, person, state=None):
        """What stands in the way of paying a person."""
        if person.suspended:
            return "ACCOUNT_RESTRICTED"
        if state == "SUSPENDED":
            return "AFFILIATE_SUSPENDED"
        if person.owed:
            return "RECEIVABLE"
        if not person.method:
            return "NO_PAYOUT_METHOD"
        if self.now < person.method.usable_at:
            return "PAYOUT_METHOD_CHANGED"
        return "PAYOUT_METHOD_FAILED" if self._was_refused(person) else None

    def run(self, purpose):
        """What a task does at its time of a day: it runs once a business day, as long as something waits."""
        if purpose == "COMMISSIONS":
            waits = [one for one in self.due_locks() if one.commission.state != "OUTSIDE_TERMS"]
        else:
            waits = [one for one in self.payouts if one.state in WAITING]
        last = self.last_runs.get(purpose)
        if not waits or last and self.now < start_of(business(last.date() + DAY)):
            return
        self.last_runs[purpose] = self.now
        lines = self._begin(purpose)
        paying = [one for one in lines if not one.hold]
        if sum(one.cents for one in paying) > LIMIT:
            self.for_admins.add(purpose)
            return
        for line in paying:
            self._ask(self._make(purpose, line))

    def apply(self, purpose):
        """An admin has the plan carried out: the provider hears of it with the next run of the task `payments`."""
        made = [self._make(purpose, line) for line in self._begin(purpose) if not line.hold]
        for payout in made:
            payout.state = "PROCESSING"
            self.later(next_tick(self.now), self._ask, payout)
        return made

    def _begin(self, purpose):
        if purpose == "COMMISSIONS":
            self.exclude()
        lines = self.plan(purpose)
        for line in lines:
            if line.payout:
                line.payout.state, line.payout.hold = "HELD" if line.hold else "SCHEDULED", line.hold
        return lines

    def _make(self, purpose, line):
        payout = line.payout
        if not payout:
            payout = Payout(line.person, purpose, line.cents, self.now, locks=line.locks)
            line.person.payouts.append(payout)
            self.payouts.append(payout)
        payout.hold, payout.method, payout.minor = None, line.person.method, line.paid[0]
        for lock in payout.locks:
            lock.payout = payout
        return payout

    def _ask(self, payout):
        """The provider is told of a payout, or what it says is lost; then it is asked again."""
        if payout.method.is_lost:
            payout.state = "UNKNOWN"
            self.later(next_tick(self.now + ASK_AGAIN), self._paid, payout)
        elif payout.method.failure:
            self.fail(payout, payout.method.failure)
        else:
            self._paid(payout)

    def _paid(self, payout):
        payout.state, payout.ended_at = "PAID", self.now
        for commission in {lock.commission for lock in payout.locks}:
            if commission.state == "LOCKED" and all(one.payout and one.payout.state == "PAID" for one in commission.locks):
                commission.state = "PAID"

    def fail(self, payout, why):
        """The money is back where it came from."""
        payout.state, payout.hold, payout.failure, payout.ended_at = "FAILED", None, why, self.now
        if payout.purpose == "WITHDRAWAL":
            payout.person.gain(payout.cents)
        for lock in payout.locks:
            lock.payout = None
