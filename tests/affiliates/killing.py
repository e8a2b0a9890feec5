"""The server is killed over the year: while a request is under way, and while it advances the clock."""

import threading
import time
from datetime import datetime, timedelta, timezone

from agreement import Disagreement
from caller import Caller
from cast import DAYS, HOUR
from clocks import stamp
from dates import DAY, start_of
from graphql import Gone

KILLS, KILLED_ADVANCES = 8, 2
LOCKED_BY = timedelta(hours=1, minutes=45)
"By this time of the night commissions have locked, and nothing has gone out."
ADVANCE = "mutation($to: DateTime!) { done: advanceClock(input: { to: $to }) { to userErrors { code } } }"


class Killing:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def kill(self):
        """On some days the server is killed while the next request is under way."""
        for day in sorted(self.dice.sample(range(1, DAYS), KILLS)):
            yield self.start + DAY * day + 12 * HOUR
            self.line.kills_due += 1

    def kill_time(self):
        """Now and then the server is killed while it advances the clock through a night, often into a new month."""
        for month in sorted(self.dice.sample(range(7, 13), KILLED_ADVANCES)):
            day = datetime(2026, month, self.dice.choice((1, 3, 15)), tzinfo=timezone.utc)
            yield day - 4 * HOUR
            self._kill_advance(day + LOCKED_BY)
            while not self._may_kill_payouts():
                yield self.year.now + 7 * DAY
            self._kill_advance(start_of(self.year.now.date()) + DAY + 8 * HOUR)

    def _may_kill_payouts(self):
        """Whether nothing that goes out this night will fail.

        Cash that comes back might do so some minutes later, and the digests would differ; a commission would be sent, and
        fail, once more (see `corners.py`).
        """
        people = [one.person for one in self.year.payouts if one.state in ("SCHEDULED", "HELD")]
        people += [one.affiliate.person for one in self.year.commissions if any(not lock.payout for lock in one.locks)]
        return not any(one.method and one.method.failure for one in people)

    def _kill_advance(self, to):
        if to <= self.year.now:
            return
        doomed = Caller(self.program.client.port)

        def ask():
            try:
                doomed.ask(self.admins[0].token, ADVANCE, to=stamp(to))
            except (Gone, Disagreement):
                pass

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.02 + self.dice.random() * 0.3)
        self.program.server.kill()
        self.program.server.wait()
        thread.join()
        doomed.close()
        self.program.client.close()
        self.program.start_server()
        self.advance(to)
        self.do.did("kills of advances")
