"""The year stays out of a fault: nothing is paid to affiliates of whom something else that is due is under review."""

from datetime import timedelta

from dates import DAY, is_business, start_of
from faults import KNOWN, MIXED

BEFORE = timedelta(hours=1, minutes=59)
"By then commissions have locked, and nothing has gone out."
MOST = 25_000_000
"A threshold that nobody reaches."


class Parting:
    """A part of `Story`; see `paid_beside_review` in `corners.py`."""

    def part_until(self, to):
        """Stops before each night's payouts until an instant, and has those paid later who would be paid in part."""
        day = start_of(self.year.now.date())
        while MIXED in KNOWN and day + BEFORE <= to:
            at = day + BEFORE
            if at >= self.year.now and is_business(day.date()) and self.year.mixed(at):
                self.move(at)
                self.part()
            day += DAY

    def part(self):
        """Affiliates who would be paid one part of what is due, while another is under review, ask for all of it later."""
        if MIXED not in KNOWN:
            return
        mixed = self.year.mixed(self.year.now)
        for line in self.year.plan("COMMISSIONS"):
            affiliate = line.locks[0].commission.affiliate
            if not line.hold and affiliate in mixed:
                before = affiliate.person.schedule, affiliate.person.threshold
                self.do.prefer(affiliate.person, "THRESHOLD", MOST)
                self.tell(self._go_back(affiliate, *before))

    def _go_back(self, affiliate, schedule, threshold):
        yield start_of(self.year.now.date()) + DAY + timedelta(hours=5)
        while affiliate in self.year.mixed(self.year.now + DAY) or affiliate.person.suspended:
            yield self.year.now + DAY
        if affiliate.person.threshold == MOST:
            self.do.prefer(affiliate.person, schedule, threshold)
