#!/usr/bin/env python3
"""Payouts, three in ten of them faulted in fifteen ways, and killed on the way, on each database.

People earn cash and withdraw it. The provider loses calls and answers, and refuses accounts, as words in the holders' names
say; the task pays what is below its limit by itself, and two admins have the rest paid. The server and one-shot commands are
killed with SIGKILL while people withdraw, while admins approve, while plans are carried out and while the provider is
called, and often two processes pay at the same time. After each kill `connects verify` must find nothing, and payouts must
not contradict the table that the provider writes by itself. People whose payouts failed mend it at once, late, badly or never,
and withdraw once more. Whenever nothing is under way, a model that shares no code with the server is compared with all
payouts, with each transfer that the provider knows and how often it was called for it, and with everybody's cash; at the
end also with what admins and people see. Each payable is paid once in the provider's own truth, or is in the cash account
again.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage. From a scale of 10 on, it is a disagreement if some kind of event never happened.

    payouts.py --binary target/release/connects --scale 100 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import heapq
import os
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree
from book import Book
from caller import Caller, YearProgram
from clocks import say
from clockwork import Clockwork, morning_after
from databases import Postgres, Sqlite
from dates import DAY, is_business, start_of
from expected import missing
from graphql import Gone
from hands import PATIENCE, Hands
from opening import Opening
from payees import ADMINS, cohorts
from proof import Proof
from stories import arguments, play, same_on_each
from strikes import Strikes
from truth import PostgresTruth, SqliteTruth
from waves import Waves

START = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
"A Monday. No month goes by in the story, so that nobody is granted Connects in it."
SCALE = 100
EMAILS = ("admin0@people.example", "admin1@people.example")
FIRST = (2, 3, 4)
"Days after the start on which the task pays by itself; nothing is mended by then."
HOURS, NIGHT = (9, 12, 15), 18.5
"Hours of a day at which people withdraw; and one in the evening, so that they are paid in the night."
OPENS = 13
"The hour of the first day from which accounts may be paid to."
DAY_OFF = 10
MANY = 5
"From this scale on, processes are killed in each wave, and again and again."
SETTINGS = {"CONNECTS_REQUEST_TIMEOUT_MS": str(1_000 * PATIENCE)}


class Story(Opening, Waves):
    """The people of one database, and how they are paid."""

    def __init__(self, program, truth, given, kind):
        self.program, self.kind, self.kills = program, kind, int(given.scale >= MANY)
        self.dice, self.tally = random.Random(f"{given.seed} {kind} kills"), Counter()
        self.seed, self.cohorts = given.seed, cohorts(given.seed, given.scale)
        self.people = [one for cohort in self.cohorts for one in cohort.people]
        self.book = Book(START)
        self.strikes = Strikes(program, truth, self.dice, self.tally)
        self.hands = Hands(program, self.dice, self.tally, self.strikes.revive)
        self.clockwork = Clockwork(self.strikes, self.book, self.hands, self.dice)
        self.see = Proof(self.book, truth, self.hands, self.tally, self.people)
        self.admins, self.stories, self.told, self.plans = [], [], 0, 0
        self.kill_night = False

    def begin(self):
        """Two admins, the people with their cash, and the waves in which they withdraw it."""
        self.program.run("migrate")
        self.program.run("register", "--admin", *EMAILS)
        self.admins = self.tokens(EMAILS)
        self.strikes.admin = self.see.admin = self.admins[0]
        self.program.start_server()
        self.open(self.people)
        times = self._times()
        for cohort, at in zip(self.cohorts, times):
            self.tell(self.wave(cohort, at))
        for day in range(1, 3 + (times[-1] - START).days):
            at = start_of(START.date()) + DAY * day + timedelta(hours=DAY_OFF)
            if not is_business(at.date()):
                self.tell(self.do_nothing_on(at))

    def _times(self):
        """When each cohort withdraws: first those whom the task pays by itself."""
        dice, first = random.Random(f"{self.seed} times"), []
        for day in FIRST:
            hours = [one for one in HOURS if day > FIRST[0] or one >= OPENS] + [NIGHT]
            first += [start_of(START.date()) + DAY * day + timedelta(hours=one) for one in hours]
        times = sorted(dice.sample(first, sum(one.kind != ADMINS for one in self.cohorts)))
        at = max(times)
        while len(times) < len(self.cohorts):
            at = next(one for one in _slots(at) if one > at)
            times.append(at)
        return times

    def tell(self, story):
        """Goes on with a story, and notes when it goes on next."""
        at = next(story, None)
        if at is not None:
            self.told += 1
            heapq.heappush(self.stories, (at, self.told, story))

    def live(self):
        """All stories, each when its time has come; and then until nothing waits."""
        while self.stories:
            at, _, story = heapq.heappop(self.stories)
            self.advance(at)
            self.tell(story)
        while self.book.waiting:
            self.advance(morning_after(self.book.now))

    def advance(self, to):
        """Lets time pass; on the morning after each night of paying, admins look at what the task has left to them."""
        while self.book.waiting and (morning := morning_after(self.book.now)) <= to:
            self.clockwork.pass_night(morning, self.kill_night or self.kills and self.dice.random() < 0.4)
            self.kill_night = False
            self.see.compare()
            self.say()
            if self.book.for_admins:
                self.tally["mornings on which admins pay"] += 1
                self.approve_and_apply(*self.see_plan())
                self.send(self.kills)
                self.clockwork.settle()
                self.see.compare()
        if to > self.book.now:
            self.clockwork.pass_time(to)

    def say(self):
        """Says how far a long story is."""
        if self.kills:
            say(f"[{self.kind}] {self.book.now:%d %B}: {len(self.book.payouts)} payouts, of which {len(self.book.waiting)} wait")

    def end(self):
        """All is compared, and the books proved; returns the digest."""
        self.see.conclude()
        counts = {**dict(sorted(self.tally.items())), **self.see.counts()}
        self.program.stop_server()
        self.program.verify()
        return counts, self.see.digest()


def _slots(at):
    """The times of the day of `at`, and of the business days after it."""
    day = start_of(at.date())
    while True:
        if is_business(day.date()):
            yield from (day + timedelta(hours=hour) for hour in HOURS)
        day += DAY


class PayoutsProgram(YearProgram):
    """The program, which may take its time for a request that runs a task."""

    def __init__(self, binary, database_url, start, folder):
        super().__init__(binary, database_url, start, folder)
        self.environment |= SETTINGS

    def start_server(self):
        """Starts the server and waits until it is ready."""
        super().start_server()
        self.client = Caller(self.client.port, timeout=PATIENCE)


def story(kind, given, folder):
    """Plays all of it on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "payouts") if kind == "sqlite" else Postgres(given.postgres, "payouts")
    database.create()
    program = PayoutsProgram(os.path.abspath(given.binary), database.url, START, place)
    truth = (SqliteTruth if kind == "sqlite" else PostgresTruth)(database.url)
    told, begun = Story(program, truth, given, kind), time.monotonic()
    try:
        told.begin()
        say(f"[{kind}] {time.monotonic() - begun:.0f} s until {len(told.people)} people have cash")
        told.live()
        counts, digest = told.end()
        say(f"[{kind}] {time.monotonic() - begun:.0f} s {counts}")
        agree("kinds of events that never happened", missing(counts, given.scale), [])
        return counts, digest
    except (Disagreement, Gone) as no:
        raise Disagreement(f"[{kind}] seed {given.seed} at {told.book.now}: {no}; log: {program.log_tail()}") from None
    finally:
        truth.close()
        program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, SCALE, "payouts, in thousands,")

    return play(given, story, lambda outcomes: {"scale": given.scale, **same_on_each(outcomes)})


if __name__ == "__main__":
    sys.exit(main())
