"""The model of commissions: what the daily task makes of what was clicked, hired, paid and released (F-5, F-6, F-8, F-9)."""

from datetime import timedelta

from dates import due_of, earned, first_lock, next_lock
from things import KNOWN_BY, Commission, Lock

CLOSED_AFTER = timedelta(minutes=10)
"So long after its time an attribution without a hire is closed."


class Earning:
    """A part of `Year`."""

    def sweep(self):
        """What the task does at 01:30."""
        for one in [one for one in self.attributions if one.state == "OPEN"]:
            self._record(one)
        self._look()
        for one in self._pending():
            since = one.affiliate.suspended_at
            if since and one.job.funded_at <= since:
                self._reverse(one, "AFFILIATE_SUSPENDED", since)
        for one in self._pending():
            if one.job.state == "REFUNDED":
                self._reverse(one, "REFUNDED", one.job.refunded_at)
        for one in self.commissions:
            since = one.state in ("PENDING", "LOCKED") and self.upheld_at(one.attribution.client)
            if since:
                one.end("OUTSIDE_TERMS", since, "FRAUD")

    def _pending(self):
        return [one for one in self.commissions if one.state == "PENDING"]

    def _record(self, attribution):
        """The first payment brings a commission, if its hire was in time."""
        jobs = [one for one in self.jobs if one.client is attribution.client]
        paid = [one for one in jobs if one.funded_at]
        if paid:
            first = min(paid, key=lambda one: one.funded_at)
            if first.hired_at >= attribution.hire_before:
                attribution.state = "NO_HIRE_IN_TIME"
            else:
                self._earn(attribution, first)
        elif self.now >= attribution.hire_before + CLOSED_AFTER and all(one.hired_at >= attribution.hire_before for one in jobs):
            attribution.state = "NO_HIRE_IN_TIME"

    def _earn(self, attribution, job):
        attribution.state = "COMMISSIONED"
        commission = Commission(attribution, job, first_lock(job.funded_at))
        attribution.commission = commission
        self.commissions.append(commission)
        self.suspect([commission.case(job.funded_at)])
        why = self.outside(commission, job.funded_at) or self._known_before(job.client, job.funded_at)
        if why:
            commission.end("OUTSIDE_TERMS", job.funded_at, why)
        elif self.was_suspended(attribution.affiliate, job.funded_at):
            commission.end("REVERSED", job.funded_at, "AFFILIATE_SUSPENDED")

    def _known_before(self, client, by):
        """Why a client is no new one by what was seen by an instant: somebody of before shares it (F-5)."""
        older = [one for one in self.people if one.born_at < client.born_at]
        return "NOT_A_NEW_CLIENT" if any(client.shares(one, by, KNOWN_BY) for one in older) else None

    @staticmethod
    def was_suspended(affiliate, at):
        """Whether an affiliate was suspended at an instant."""
        return any(begun <= at and (ended is None or at < ended) for begun, ended in affiliate.times_off)

    @staticmethod
    def outside(commission, by):
        """Why a hire is outside the terms by what was seen by an instant (F-9)."""
        affiliate, freelancer = commission.affiliate.person, commission.job.freelancer
        if affiliate is freelancer:
            return "AFFILIATE_HIRED"
        if freelancer.shares(affiliate, by):
            return "RELATED_TO_AFFILIATE"
        return "RELATED_TO_CLIENT" if freelancer.shares(commission.job.client, by) else None

    def _look(self):
        """What was released by the end of a month locks, month after month."""
        while True:
            due = [one for one in self._pending() if one.next_lock_at <= self.now and not self._ends_before(one)]
            if not due:
                return
            for one in due:
                self._look_at(one, one.next_lock_at)

    @staticmethod
    def _ends_before(commission):
        """Whether the affiliate was suspended after it was earned, and before its month was over."""
        since = commission.affiliate.suspended_at
        return since and commission.job.funded_at <= since < commission.next_lock_at

    def _look_at(self, commission, at):
        self.suspect([commission.case(at)])
        why = self.outside(commission, at)
        if why:
            commission.end("OUTSIDE_TERMS", at, why)
            return
        if self._is_held(commission, at):
            commission.next_lock_at = next_lock(at)
        else:
            self._lock(commission, at)

    def _is_held(self, commission, at):
        """Whether it was disputed when a month was over, or an admin had yet to decide on a flag (F-8, F-10)."""
        flags = self.flags_of(commission.attribution.client)
        return self.is_disputed(commission, at) or any(one.was_open(at) for one in flags)

    @staticmethod
    def _lock(commission, at):
        released, escrow, by_bank = commission.job.standing(at)
        cents = earned(released) - commission.locked
        if cents > 0:
            commission.locks.append(Lock(commission, at, released, cents, due_of(at)))
        if escrow and commission.locked < earned(commission.job.cents):
            commission.next_lock_at = next_lock(at)
        elif commission.locked:
            commission.end("LOCKED", at)
        else:
            commission.end("REVERSED", at, "CHARGED_BACK" if by_bank else "REFUNDED")

    @staticmethod
    def _reverse(commission, why, at):
        """Nothing more is earned; what has locked is kept."""
        if commission.locked:
            commission.end("LOCKED", at)
        else:
            commission.end("REVERSED", at, why)

    def exclude(self):
        """Before something is paid, what may be fraud is flagged, and hires outside the terms end (F-8, F-9)."""
        due = self.due_commissions()
        self.suspect([one.case(self.now) for one in due])
        for one in due:
            why = self.outside(one, self.now)
            if why:
                one.end("OUTSIDE_TERMS", self.now, why)

    def due_commissions(self):
        """Those of which something is due and not paid, and that have not ended for nothing."""
        due = dict.fromkeys(lock.commission for lock in self.due_locks())
        return [one for one in due if one.state in ("PENDING", "LOCKED")]

    def due_locks(self):
        """What is due and not paid."""
        return [lock for one in self.commissions for lock in one.locks if not lock.payout and lock.due_at <= self.now]

    def worth(self, affiliate):
        """What an affiliate is owed, what is on its way to them, and what they were paid, in cents."""
        locks = [lock for one in self.commissions if one.affiliate is affiliate for lock in one.locks]
        owed = sum(one.cents for one in locks if not one.payout and one.commission.state != "OUTSIDE_TERMS")
        sent = sum(one.cents for one in locks if one.payout and one.payout.state in ("PROCESSING", "UNKNOWN"))
        return owed, sent, sum(one.cents for one in locks if one.payout and one.payout.state == "PAID")
