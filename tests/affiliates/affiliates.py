#!/usr/bin/env python3
"""A year of an affiliate programme, on each database.

Affiliates join and make links; people click on them, several times and by several affiliates, register, hire within
thirty days of the click or later, and pay by cards that work, fail, leave nobody knowing or take the money back; what is
released by the end of a month locks, what is refunded does not, and what is due is paid on the first or the fifteenth or
beyond a threshold, in three currencies, or held: by suspensions, by changed payout details, by what somebody owes, on
weekends and holidays. People bring themselves and each other, and honest people look like them: what may be fraud is
flagged, and nothing of it locks or is paid until an admin decides; and affiliates dispute commissions, which lock later.
Freelancers withdraw what they earn, and change their minds. The provider refuses some accounts and loses some answers;
what is too much for the task two admins approve. On the way the server is killed while requests and advances are under
way. A model that shares no code with the server predicts every answer, attribution, commission, flag, ticket and payout;
what affiliates, freelancers and admins see is compared about twice a month, and on days of paying in the middle of the
night. At the end no task has failed, and `connects verify` must find nothing.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage. From the default scale on, it is a disagreement if some kind of deed never happened.

    affiliates.py --binary target/release/connects --scale 10 --postgres postgres://me@localhost:5432
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
from caller import YearProgram
from cast import HOUR, Cast
from clocks import instant, say, stamp
from crowd import Crowd
from databases import Postgres, Sqlite
from dates import DAY, business, is_business, money, start_of
from doing import Doing
from edges import Edges
from killing import ADVANCE, Killing
from kinds import SCALE, missing
from line import Line
from office import Office
from program import LEASE_PASSES_ON
from rings import RINGS, Rings
from seeing import LIMIT, Seeing
from stories import arguments, play, same_on_each
from things import Person
from year import Year

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
END = datetime(2027, 3, 20, 12, tzinfo=timezone.utc)
AFFILIATES, FREELANCERS, PEOPLE, ROBOTS, ROUNDS = 5, 4, 60, 2, 2
"So many at a scale of 1."
RUSH = 80
"So many come by one affiliate in one month, at any scale: what they bring is too much for the task that pays."
POPULAR = 3
EDGY = (1_016, 1_018, 1_019)
"The affiliates of the edges: none of them is a freelancer, or belongs to an organisation."
HOLIDAYS = (datetime(2026, 12, 25, 12), datetime(2027, 1, 1, 12), datetime(2027, 1, 4, 2, 1))
FREELANCERS_AT_LEAST = 6
RUNS = ((1, 30), (2, 0), (3, 0))
ADMINS = ("admin0", "admin1")
APPROVE = """mutation($p: PayoutPurpose!, $d: String!, $k: String!) { done: approvePayoutPlan(input: { purpose: $p,
  digest: $d, idempotencyKey: $k }) { payoutPlan { approvals { admin { email } } } userErrors { code } } }"""
PAY = """mutation($p: PayoutPurpose!, $d: String!, $k: String!) { done: applyPayoutPlan(input: { purpose: $p, digest: $d,
  idempotencyKey: $k }) { payoutCount total { amount } userErrors { code } } }"""


class Story(Cast, Crowd, Edges, Office, Rings, Killing):
    """The year on one database."""

    def __init__(self, program, given):
        self.program, self.seed, self.scale, self.start = program, given.seed, given.scale, START
        self.dice = random.Random(given.seed)
        self.year, self.line = Year(START), Line(program, self.dice)
        self.admins, self.freelancers, self.known, self.accounts = [], [], [], 0
        self.do = self.see = None
        self.stories, self.told = [], 0

    def begin(self):
        """Two admins, the affiliates and the freelancers; and everybody's story."""
        self.program.run("migrate")
        for name in ADMINS:
            self.program.run("register", "--admin", f"{name}@people.example")
        tokens = self.program.run("token", *(word for name in ADMINS for word in ("--email", f"{name}@people.example")))
        self.admins = [Person(name, f"{name}@people.example", START, token=token)
                       for name, token in zip(ADMINS, tokens.stdout.split())]
        for admin in self.admins:
            self.year.register(admin)
        self.do, self.see = (part(self.year, self.line, self.admins) for part in (Doing, Seeing))
        self.program.start_server()
        affiliates = [self.join(number) for number in range(AFFILIATES * self.scale)]
        self.freelancers = [self.work(number) for number in range(max(FREELANCERS * self.scale, FREELANCERS_AT_LEAST))]
        self.known = ["affiliate0", "freelancer0"]
        for number, affiliate in enumerate(affiliates):
            self.tell(self.be_paid(affiliate, number))
            self.tell(self.trouble(affiliate, number))
            self.tell(self.complain(affiliate, number))
            if affiliate.person.is_freelancer:
                self.tell(self.spend(affiliate.person, 2 * number))
        for number, freelancer in enumerate(self.freelancers):
            self.tell(self.spend(freelancer, number))
        self.tell(self.turn(self.freelancers[0], affiliates[0]))
        for number in range(PEOPLE * self.scale):
            self.tell(self.come(number))
        for number in range(RUSH):
            self.tell(self.rush(number, affiliates[POPULAR]))
        for number in range(ROUNDS * len(RINGS) * self.scale):
            self.tell(self.ring(number))
        self.tell(self.shared_computer(affiliates[1]))
        for number in range(ROBOTS * self.scale):
            self.tell(self.look_on(number))
        for number, person in enumerate((*self.freelancers[:3], affiliates[1].person)):
            self.tell(self.owe(person, number))
        for number in range(3):
            self.tell(self.splash(number))
        edgy = [self.join(number) for number in EDGY]
        self.tell(self.edges(edgy[0], edgy[1:], self.work(EDGY[0])))
        for story in (self.compare_now_and_then(), self.review(), self.kill(), self.kill_time()):
            self.tell(story)

    def tell(self, story):
        """Goes on with a story, and notes when it goes on next."""
        at = next(story, None)
        if at is not None:
            at = max(at, self.year.now)
            if (at.hour, at.minute) in RUNS:
                # What is done at the very time of a task may come before it or after.
                at += timedelta(seconds=7)
            self.told += 1
            heapq.heappush(self.stories, (at, self.told, story))

    def live(self):
        """All stories, each when its time has come."""
        while self.stories and self.stories[0][0] < END:
            at, _, story = heapq.heappop(self.stories)
            self.advance(at)
            self.tell(story)

    def advance(self, to):
        """Moves the clock, if it is not there; admins look at what waits for them on business days."""
        if to > self.year.now:
            self._advance(to)
            self.year.move_clock(to)
        if self.year.for_admins and is_business(to.date()) and to.hour >= 4:
            for purpose in sorted(self.year.for_admins):
                self.approve(purpose)
            self.year.for_admins.clear()

    def _advance(self, to):
        until = time.monotonic() + LEASE_PASSES_ON
        while True:
            done = self.line.ask(self.admins[0], ADVANCE, to=stamp(to))["done"]
            codes = [one["code"] for one in done["userErrors"]]
            if not codes and instant(done["to"]) == to:
                return
            if codes not in ([], ["BUSY"]) or time.monotonic() > until:
                raise Disagreement(f"an advance to {to}: {done}")
            # A killed advance's lease has not passed on, or the time of one advance was over on the way.
            time.sleep(0.5 if codes else 0)

    def approve(self, purpose):
        """One admin cannot have a large plan carried out; with the approval of another one they can."""
        digest, total, count = self.see.plan(purpose)
        if not count:
            return
        asked = {"p": purpose, "d": digest}
        if total > LIMIT:
            self.do.refuse(self.admins[0], PAY, "NEEDS_SECOND_ADMIN", **asked)
            done = self.do.send(self.admins[1], APPROVE, **asked)
            self.do.fine("an approval", done, payoutPlan={"approvals": [{"admin": {"email": self.admins[1].email}}]})
        done = self.do.send(self.admins[0], PAY, **asked)
        self.do.fine("a plan that is carried out", done, payoutCount=count, total={"amount": money(total)})
        self.year.apply(purpose)
        self.do.refuse(self.admins[0], PAY, "PAYOUT_PLAN_CHANGED", **asked)
        self.do.did(f"plans of {purpose} by admins")

    def compare_now_and_then(self):
        """About twice a month, and on days of paying just after the provider was asked."""
        moments = [one.replace(tzinfo=timezone.utc) for one in HOLIDAYS]
        day = START + 20 * DAY
        while day < END:
            moments.append(day + HOUR * self.dice.randrange(8, 20))
            number = self.dice.choice((1, 3, 15))
            moments.append(start_of(business(day.date().replace(day=number))) + timedelta(hours=2, minutes=1))
            day += 26 * DAY
        for moment in sorted(moments):
            yield moment
            self.compare()

    def compare(self):
        """Compares what everybody sees."""
        self.see.compare()
        self.do.did("comparisons")

    def end(self):
        """Time passes until most is paid; all is compared, and the books proved; returns the digest."""
        self.advance(END)
        self.compare()
        self.see.failed_runs()
        self.program.stop_server()
        return self.program.verify()

    def counts(self):
        """What happened how often, and how it ended."""
        commissions = Counter(f"commissions {one.state} {one.reason or ''}".strip() for one in self.year.commissions)
        payouts = Counter(f"payouts {one.purpose} {one.state} {one.failure or ''}".strip() for one in self.year.payouts)
        attributions = Counter(f"attributions {one.state} {one.refusal or ''}".strip() for one in self.year.attributions)
        cents = {"cents of commissions paid": sum(self.year.worth(one)[2] for one in self.year.affiliates),
                 "cents of cash": sum(one.cash for one in self.year.people)}
        flags = Counter(f"flags {one.kind}" for one in self.year.all_flags())
        tally = self.do.tally + self.see.tally + commissions + payouts + attributions + flags
        return dict(sorted(tally.items())) | cents | {
            "kills": self.line.tally["kills"]}


def story(kind, given, folder):
    """Plays the year on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "affiliates") if kind == "sqlite" else Postgres(given.postgres, "affiliates")
    database.create()
    program = YearProgram(os.path.abspath(given.binary), database.url, START, place)
    year = Story(program, given)
    begun = time.monotonic()
    try:
        year.begin()
        year.live()
        digest, counts = year.end(), year.counts()
        say(f"[{kind}] {time.monotonic() - begun:.0f} s {counts}")
        agree("kinds of deeds that never happened", missing(counts, given.scale), [])
        return counts, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] seed {given.seed} at {year.year.now}: {no}; log: {program.log_tail()}") from None
    finally:
        program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, SCALE, "people, in sixties,")

    return play(given, story, lambda outcomes: {"scale": given.scale, **same_on_each(outcomes)})


if __name__ == "__main__":
    sys.exit(main())
