"""The whole season on one database."""

import paths  # noqa: F401  # pylint: disable=unused-import

import csv
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree
from clocks import instant, say, stamp
from contents import imported
from crowd import IMPORTS, parts
from days import HOURS, Day
from deeds import Deeds
from door import Door
from ends import Ends
from graphql import Gone
from line import SeasonProgram
from posts import HEADER, from_server
from tally import Tally
from world import World

START = datetime(2026, 1, 24, tzinfo=timezone.utc)
"So that people also register on the 29th to 31st (M-3)."
ADMIN = "admin@example.com"
ADVANCE = """
mutation Advance($input: AdvanceClockInput!) { advanceClock(input: $input) {
  from to ran { task runs counts { what count } } userErrors { code }
} }
"""
NEW_POSTS = """
query NewPosts($after: String) { viewer { jobPosts(first: 100, after: $after) {
  nodes {
    id title subcategory skills payment experienceLevel
    budget { amount currencyCode } hourlyRange { min { amount currencyCode } max { amount currencyCode } }
  }
  pageInfo { hasNextPage endCursor }
} } }
"""
LOOK_EVERY = 10
"Number of days after which all open posts are read and compared."


@dataclass(frozen=True)
class Plan:
    """The input of all databases."""

    seed: int
    days: int
    crowd: object
    rows: list
    "(the line of the file, the post that it makes)."


@dataclass(frozen=True)
class Result:
    """The result of a season."""

    digest: str
    digests: tuple
    "One per day."
    tally: Tally
    calls: int
    seconds: float


class Story:
    """A season with this `name`."""

    def __init__(self, name, binary, database, folder, plan, door=Door):
        self.name = name
        self.plan = plan
        self.folder = folder
        self.program = SeasonProgram(binary, database.url, START, folder)
        self.tally = Tally()
        self.world = World(START)
        self.door = door(self.program, self.tally)
        self.deeds = Deeds(self.world, self.door, self.tally)
        self.digests = []

    def go(self):
        """All days."""
        begun = time.monotonic()
        try:
            self._begin()
            for day in range(self.plan.days):
                self._day(day)
            Ends(self.world, self.door, self.deeds, self.tally).everything()
            self.program.stop_server()
            return Result(self._verify(), tuple(self.digests), self.tally, self.deeds.calls, time.monotonic() - begun)
        except Disagreement as no:
            raise Disagreement(f"season on {self.name}, {self.world.now}: {no}\n{self.program.log_tail()}") from None
        except Gone as gone:
            raise Disagreement(f"season on {self.name}, {self.world.now}: the connection broke: {gone}\n"
                               f"{self.program.log_tail()}") from None
        finally:
            self.program.close()

    def _begin(self):
        self.program.run("migrate")
        self.door.admit_admin(ADMIN)
        self.world.register(ADMIN, admin=True)
        self.program.start_server()

    def _day(self, number):
        begun, calls, midnight = time.monotonic(), self.deeds.calls, START + timedelta(days=number)
        for hour in HOURS:
            self._advance(midnight + timedelta(hours=hour))
            if hour == HOURS[0]:
                self._arrive(number)
                day = Day(self.plan.seed, number, self.world, self.deeds)
            day.act(hour)
        ends = Ends(self.world, self.door, self.deeds, self.tally)
        ends.balances()
        if number % LOOK_EVERY == LOOK_EVERY - 1:
            ends.open_posts()
        self.digests.append(self._verify())
        say(f"[{self.name}] day {number + 1:2}: {self.deeds.calls - calls} mutations, "
            f"{len(self.world.posts)} posts, {len(self.world.proposals)} proposals, "
            f"{time.monotonic() - begun:.1f} s")

    def _verify(self):
        digest = self.program.verify()
        self.tally.add("H-4", "verifications without a breach")
        return digest

    def _advance(self, to):
        """Q-5; compares what the tasks report with what the model did."""
        before = self.world.now
        granted, warned, expired = self.world.advance(to)
        answer = self.door.ask(ADMIN, ADVANCE, input={"to": stamp(to)})["advanceClock"]
        agree(f"advance to {to}", (instant(answer["from"]), instant(answer["to"]), answer["userErrors"]),
              (before, to, []))
        did = {(run["task"], count["what"]): count["count"] for run in answer["ran"] for count in run["counts"]}
        expected = {("monthly-grants", "issued"): granted, ("job-posts", "warned"): warned,
                    ("job-posts", "expired"): expired, ("expire-connects", "expired"): 0, ("reconcile", "breaches"): 0}
        got = {what: did.get(what, 0) for what in expected}
        agree(f"what the tasks did until {to}", got, expected)
        self.tally.add("J-4", "clients warned", warned)
        self.tally.add("J-4", "posts expired", expired)
        self.tally.add("M-4", "of them by the task", granted)
        self.tally.add("Q-5", "advances of the clock")

    def _arrive(self, number):
        """Registers new people, and imports posts from the file."""
        people = self.plan.crowd.on(number)
        for address, client, freelancer in people:
            self.world.register(address, client, freelancer)
        self.door.admit(people)
        for place, (address, rows) in enumerate(parts(self.plan.rows, self.plan.crowd.clients, number)):
            file = os.path.join(self.folder, f"part-{number}-{place}.csv")
            with open(file, "w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\n").writerows([HEADER, *(line for line, _ in rows)])
            self._import(file, address, [post for _, post in rows], again=number == IMPORTS[0])

    def _import(self, file, address, rows, again):
        """J-1; a second import does nothing."""
        counts = [f"imported {len(rows)}, skipped 0, rejected 0", f"imported 0, skipped {len(rows)}, rejected 0"]
        for line in counts if again else counts[:1]:
            done = self.program.run("import", "job-posts", file, "--client", address)
            agree("last line of import", done.stdout.rstrip("\n").split("\n")[-1], line)
        client = self.world.people[address]
        made = {row: self.world.create(client, imported(row), publish=True) for row in rows}
        self._find(address, made)
        self.tally.add("J-1", "posts imported", len(rows))

    def _find(self, address, made):
        """The ids of new posts, by their content; the client's newest come first."""
        after, left = None, dict(made)
        while left:
            page = self.door.ask(address, NEW_POSTS, after=after)["viewer"]["jobPosts"]
            for node in page["nodes"]:
                row = from_server(node)
                if row in left:
                    self.deeds.post_ids[left.pop(row)] = node["id"]
            agree(f"imported posts of {address} that are nowhere",
                  len(left) if not page["pageInfo"]["hasNextPage"] else 0, 0)
            after = page["pageInfo"]["endCursor"]
