"""The sandbox's clock, which is moved by the server or by a command, one of which may be killed; and the model's beside it."""

import paths  # noqa: F401  # pylint: disable=unused-import

import time
from datetime import timedelta

from agreement import agree
from clocks import instant, stamp
from dates import DAY, business, start_of
from hands import fine
from program import LEASE_PASSES_ON
from strikes import ADVANCE, is_busy, must_pass

NOW = "{ clock { now } }"
STEP, STEPS = timedelta(minutes=15), 20
"So far the clock goes at once until the provider has said everything, which takes so many steps at most."
MORNING = timedelta(hours=8)


class Clockwork:
    """Moves both clocks."""

    def __init__(self, strikes, book, hands, dice):
        self.strikes, self.book, self.hands, self.dice = strikes, book, hands, dice
        self.tally = strikes.tally

    def now(self):
        """Where the sandbox's clock stands."""
        return instant(self.hands.ask(self.strikes.admin, NOW)["clock"]["now"])

    def move(self, to):
        """Moves the sandbox's clock, by the server or by a command."""
        if self.now() >= to:
            return
        if self.dice.random() < 0.5:
            self._by_server(to)
        else:
            self.strikes.resume("clock", "advance", stamp(to))
        agree("the clock", self.now(), to)

    def _by_server(self, to):
        until = time.monotonic() + LEASE_PASSES_ON
        while self.now() < to:
            done = self.hands.ask(self.strikes.admin, ADVANCE, to=stamp(to))["done"]
            if is_busy(done):
                must_pass(until, f"an advance to {to}")
            else:
                # It may have come to the end of its time on the way.
                fine("an advance", done)

    def settle(self, kills=0):
        """Time passes until the provider has said everything; on the way the command that moves the clock may be killed."""
        for step in range(STEPS):
            if not self.strikes.is_under_way():
                break
            to = self.now() + STEP
            if step < kills:
                self.strikes.command("clock", "advance", stamp(to))
            self.move(to)
        agree("whether the provider is still to say something", self.strikes.is_under_way(), False)
        self.book.settle()
        self.book.now = max(self.book.now, self.now())

    def pass_night(self, to, kill):
        """Time passes until a morning, in the night before which the task pays; it may be killed while it does."""
        if kill:
            self._kill_on_the_way(to)
        self.move(to)
        self.book.pass_time(to)
        self.settle()

    def _kill_on_the_way(self, to):
        count = self._will_pay(to)
        if self.dice.random() < 0.4:
            self.strikes.server_in_advance(stamp(to), count)
        else:
            self.strikes.command("clock", "advance", stamp(to), more=count)
        if self.strikes.is_under_way():
            self.strikes.server("payments")
        self.tally["nights with kills"] += 1

    def _will_pay(self, to):
        """How many payouts the task will send in the night; those that become free in it are among them."""
        return sum(one.person.method.usable_at <= to and not one.person.method.failed for one in self.book.waiting.values())

    def pass_time(self, to):
        """Time passes without a night in which the task pays."""
        self.move(to)
        self.book.pass_time(to)


def morning_after(now):
    """Eight o'clock on the next business day: in the night before it, the task has paid."""
    return start_of(business(now.date() + DAY)) + MORNING
