#!/usr/bin/env python3
"""A hundred and twenty days in which people are hired, funded and paid, on each database.

Clients post jobs that are like the real ones of a file, offer contracts and fund milestones by cards that work, fail,
or leave nobody knowing, and from cash that a card did not take back; freelancers propose, accept, decline, are paid,
and give money back; both dispute, an admin decides, and banks take payments back, also from people who have nothing
left, and then owe. People are suspended and reinstated, leave and come back. Ten times on the way the server is killed
while a request is under way, and the request is sent again with the same key; some of these ask about a payment whose
outcome nobody knows. A model that shares no code with the server predicts every answer, balance, payment and row of
history; every tenth day everything that people see is compared. At the end the provider's own charges and refunds and
the platform's accounts are compared, too, no task has failed, and `connects verify` must find nothing.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage. From the default scale on, it is a disagreement if some kind of deed never happened.

    money.py --binary target/release/connects --scale 20 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import os
import random
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

import rows
from agreement import Disagreement, agree
from books import Books
from clocks import say, stamp
from databases import Postgres, Sqlite
from deeds import Deeds
from kinds import SCALE, missing
from line import Line
from market import CARDS, CASH, Person
from plots import DYING
from program import Program
from provider import Bank
from spending import DOOMED
from stories import arguments, play, same_on_each
from views import RUNS, Views

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAYS = 120
KILLS = 10
PEOPLE = (("client", 4), ("both", 2), ("freelancer", 8), ("admin", 1))
ROLES = {"client": ("--client",), "both": ("--client", "--freelancer"), "freelancer": ("--freelancer",), "admin": ("--admin",)}
CARD = """mutation($t: String!) { addPaymentMethod(input: { token: $t }) { paymentMethod { id } userErrors { code } } }"""
ADVANCE = "mutation($to: DateTime!) { advanceClock(input: { to: $to }) { to userErrors { code } } }"
ACCOUNT = "query($e: String!) { admin { account(email: $e) { id } } }"


class Life:
    """The life of a small marketplace on one database."""

    def __init__(self, program, bank, dice, given):
        self.program, self.dice, self.scale = program, dice, given.scale
        self.books, self.line, self.bank = Books(START), Line(program, dice), bank
        self.views = Views(self.books, self.line)
        self.comparisons = 0
        rows_in_order = rows.read(given.posts)
        self.rows = dice.sample(rows_in_order, len(rows_in_order))
        self.deeds = None

    def begin(self):
        """Registers people, and gives buyers their cards."""
        self.program.run("migrate")
        names = [(kind, f"{kind}{n}") for kind, count in PEOPLE for n in range(count)]
        for kind, name in names:
            self.program.run("register", *ROLES[kind], f"{name}@money.example")
        emails = [word for _, name in names for word in ("--email", f"{name}@money.example")]
        tokens = self.program.run("token", *emails).stdout.split()
        people = {name: Person(name, token) for (_, name), token in zip(names, tokens)}
        admin = people.pop("admin0")
        of = {kind: [people[name] for role, name in names if role == kind] for kind in ("client", "both", "freelancer")}
        self.books.clients, self.books.both = of["client"] + of["both"], of["both"]
        self.books.freelancers = of["freelancer"]
        self.deeds = Deeds(self.books, self.line, self.bank, admin, self.dice, self.rows)
        self.program.start_server()
        for person in self.books.people:
            person.id = self.line.ask(admin, ACCOUNT, e=f"{person.name}@money.example")["admin"]["account"]["id"]
        for client in self.books.clients:
            for card in CARDS:
                added = self.line.ask(client, CARD, t=card)["addPaymentMethod"]
                agree("refusals of a card", added["userErrors"], [])
                client.cards[card] = added["paymentMethod"]["id"]

    def live(self):
        """All days, with deeds at random hours and the kills among them."""
        plotted = (*DYING, DOOMED)
        kills = set(self.dice.sample([day for day in range(1, DAYS) if day not in plotted], KILLS - len(plotted)))
        for day in range(1, DAYS + 1):
            doomed = self.dice.randrange(self.scale) if day in kills else None
            for place in range(self.scale):
                self.line.kills_due += place == doomed
                self.deeds.any()
            self.deeds.go_on(day)
            self.pass_until(START + timedelta(days=day, hours=self.dice.randrange(-8, 9), minutes=self.dice.randrange(60)))
            if day % 10 == 0:
                self.compare()

    def pass_until(self, to):
        """Moves the clock, and now and then stops on the way between a charge-back and its becoming known."""
        raced = self.books.race(to)
        if raced and self.dice.random() < 0.5:
            self.advance(raced.charged_back_at())
            self.deeds.race(raced)
        self.advance(to)

    def advance(self, to):
        """Moves the clock."""
        done = self.line.ask(self.deeds.admin, ADVANCE, to=stamp(to))["advanceClock"]
        agree("refusals of an advance", done["userErrors"], [])
        self.books.move_clock(to)

    def compare(self):
        """Compares what everybody sees."""
        self.views.compare()
        self.comparisons += 1

    def end(self):
        """Lets a payment be unknown over an advance by command, compares all, and proves the books; returns the digest."""
        self.deeds.pay_and_lose()
        self.program.stop_server()
        later = self.books.now + timedelta(days=1)
        self.program.advance(later)
        self.books.move_clock(later)
        self.program.start_server()
        self.compare()
        failed = self.line.ask(self.deeds.admin, RUNS)["admin"]["taskRuns"]["nodes"]
        agree("tasks that failed, `reconcile` among them", failed, [])
        self.program.stop_server()
        self.bank.compare(self.books)
        return self.program.verify()

    def counts(self):
        """What happened how often, and where the money is, in cents."""
        people = self.books.people
        owed = sum((one.debts for one in people), Counter())
        debts = {"debts of freelancers, by charge-backs": owed["CHARGEBACK"],
                 "debts of clients, by charge-backs": owed["CHARGEBACK_OF_REFUNDED"],
                 "debts settled in part": sum(one.settled - one.cleared for one in people),
                 "debts settled": sum(one.cleared for one in people)}
        deeds = dict(sorted((self.deeds.tally + self.line.tally).items()))
        totals = {f"cents of {name}": cents for name, cents in self.books.totals().items()}
        backs = sum(bool(one.charged_back) for one in self.books.payments)
        return {"comparisons": self.comparisons, **deeds, "charge-backs": backs, **debts, **self._counts_of_cash(), **totals}

    def _counts_of_cash(self):
        """How often people paid from cash, and got some of that back."""
        paid = [one for one in self.books.milestones if one.card == CASH]
        return {"paid from cash": len(paid), "invoices paid from cash": sum(bool(one.contract.offer.hourly) for one in paid),
                "releases of what was paid from cash": sum(bool(one.released_at) for one in paid),
                "refunds of what was paid from cash": sum(len(one.refunds) for one in paid),
                "decisions on what was paid from cash": sum(
                    dispute.state == "DECIDED" for one in paid for dispute in one.disputes)}


def story(kind, given, folder):
    """Plays all days on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "money") if kind == "sqlite" else Postgres(given.postgres, "money")
    database.create()
    program = Program(os.path.abspath(given.binary), database.url, START, place)
    life = Life(program, Bank(database.url), random.Random(given.seed), given)
    try:
        life.begin()
        life.live()
        digest, counts = life.end(), life.counts()
        say(f"[{kind}] {counts}")
        agree("kinds of deeds that never happened", missing(counts, given.scale), [])
        return counts, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] at {life.books.now}: {no}; log: {life.program.log_tail()}") from None
    finally:
        life.program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    def add(parser):
        parser.add_argument("--posts", metavar="FILE", default=rows.FILE, help="real job posts, default %(default)s")

    given = arguments(__doc__, SCALE, "deeds a day", add)

    return play(given, story, lambda outcomes: {"days": DAYS, "scale": given.scale, **same_on_each(outcomes)})


if __name__ == "__main__":
    sys.exit(main())
