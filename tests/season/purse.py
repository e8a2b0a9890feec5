"""A wallet as the season needs it: sums.

No lot expires within the season (a lot lives a year), and every return goes back to its own lot, which has
more than 30 days left (T-4). So the Connects that can be spent are a sum.
"""

import paths  # noqa: F401  # pylint: disable=unused-import

from collections import Counter
from datetime import date, timedelta

from model import FREE, SIGNUP, first_task_run, midnight, next_cycle_day

GRANT_MINUTE = 5
"The monthly-grants task runs at this minute of every hour (section 20 of the rulebook)."


class Purse:
    """The Connects of a freelancer on BASIC who registered at `now`."""

    def __init__(self, now):
        day = now.date()
        self.anchor = 1 if day.day > 28 else day.day
        self.cycle_day: date = day
        self.rows = Counter(SIGNUP=1, MONTHLY_FREE=1)
        "Number of history rows of each kind (H-7)."
        self.available = SIGNUP + FREE

    def next_day(self):
        """First day of the next cycle (M-2, M-3)."""
        return next_cycle_day(self.cycle_day, self.anchor)

    def cycle(self):
        """The current cycle as two days, the last one inclusive (M-2)."""
        return {"startsOn": str(self.cycle_day), "endsOn": str(self.next_day() - timedelta(days=1))}

    def advance(self, now):
        """M-4: issues what the hourly task has issued by `now`; returns the number of cycles."""
        issued = 0
        while first_task_run(midnight(self.next_day()), GRANT_MINUTE) <= now:
            self.cycle_day = self.next_day()
            self._book("MONTHLY_FREE", FREE)
            issued += 1
        return issued

    def charge(self, connects):
        """S-2."""
        assert connects <= self.available, "spent more than there is"
        self._book("PROPOSAL", -connects)

    def give_back(self, kind, connects):
        """T-1."""
        self._book(kind, connects)

    def _book(self, kind, change):
        self.rows[kind] += 1
        self.available += change
