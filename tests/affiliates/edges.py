"""What happens just before, at, and just after the end of a month, or of the time for a first hire."""

from datetime import datetime, timedelta, timezone

from dates import DAY
from things import WINDOW, Browser

CLICKED = datetime(2026, 4, 2, 9, tzinfo=timezone.utc)
PAID = CLICKED + 8 * DAY
MONTHS_END = datetime(2026, 5, 1, tzinfo=timezone.utc)
LOCK = datetime(2026, 6, 1, tzinfo=timezone.utc)
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


class Edges:
    """A part of `Story`: a generator of instants; at each, the next thing is done."""

    def edges(self, affiliate, others, freelancer):
        """What is paid in April locks on 1 June, as it is just before; two other affiliates are suspended about then."""
        yield CLICKED
        for one in (affiliate, *others):
            self.do.pay_to(one.person, *self.account_for(self.dice_of("edges")))
        jobs = {name: self._come_and_hire(f"edge {name}", affiliate, freelancer)
                for name in ("early", "late", "back", "kept", "escrow", "part", "lost")}
        for name, other in zip(("locked", "reversed", "off"), (*others, others[1])):
            jobs[name] = self._come_and_hire(f"edge {name}", other, freelancer)
        hirers = [self._come(f"edge hirer {name}", affiliate) for name in ("early", "late")]
        slow = Browser()
        self.do.click(slow, affiliate.links[0])
        yield PAID
        self.do.click(slow, affiliate.links[0])
        for name, job in jobs.items():
            if name not in ("lost", "off"):
                self.do.fund(job)
        yield MONTHS_END - MINUTE
        self.do.fund(jobs["lost"], "tok_lost_after")
        for client, moment in zip(hirers, (CLICKED + WINDOW - MOMENT, CLICKED + WINDOW)):
            yield moment
            self.do.fund(self.do.hire(client, freelancer, 10_000))
        self.do.register(self.do.newcomer("edge-slow", is_client=True), slow)
        yield LOCK - 10 * DAY
        for name in ("back", "kept", "lost", "locked", "reversed"):
            self.do.release(jobs[name])
        yield from self._about_the_lock(jobs, others)

    def _about_the_lock(self, jobs, others):
        yield LOCK - MINUTE
        self.do.release(jobs["early"])
        self.do.refund(jobs["back"], jobs["back"].left)
        self.do.settle(jobs["part"], 2_500)
        self.do.decide(others[1], "SUSPEND")
        yield LOCK
        self.do.release(jobs["late"])
        self.do.refund(jobs["kept"], jobs["kept"].left)
        self.do.decide(others[0], "SUSPEND")
        yield LOCK + 30 * MINUTE
        self.do.refund(jobs["escrow"], jobs["escrow"].cents)
        self.do.fund(jobs["off"])
        yield LOCK + 12 * 60 * MINUTE
        self.compare()
        self.do.did("edges")

    def _come(self, name, affiliate):
        browser = Browser()
        self.do.click(browser, affiliate.links[0])
        return self.do.register(self.do.newcomer(name.replace(" ", "-"), is_client=True), browser)

    def _come_and_hire(self, name, affiliate, freelancer):
        return self.do.hire(self._come(name, affiliate), freelancer, 10_000)
