#!/usr/bin/env python3
"""A hundred and twenty days in which people are hired, funded and paid, on each database.

Clients post jobs, offer contracts and fund milestones by cards that work, fail, or leave nobody knowing; freelancers
propose, accept, decline, are paid, and give money back; both dispute, an admin decides, and banks take payments back. Ten
times on the way the server is killed while a request is under way, and the
request is sent again with the same key. A model that shares no code with the server predicts every answer, balance and
row of history; every tenth day everything that people see is compared, and `connects verify` must find nothing.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage.

    money.py --binary target/release/connects --scale 20 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import json
import os
import random
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree
from books import Books
from clocks import say, stamp
from databases import Postgres, Sqlite
from deeds import Deeds, compare
from graphql import Client as Asker
from graphql import Gone
from market import (CHARGED_BACK, LOST, REFUND_FAILS, REFUND_LOST, Client, Freelancer)
from program import Program
from stories import arguments, play

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAYS = 120
KILLS = 10
PEOPLE = (4, 8)
CARD = """mutation($t: String!) { addPaymentMethod(input: { token: $t }) { paymentMethod { id } userErrors { code } } }"""
ADVANCE = "mutation($to: DateTime!) { advanceClock(input: { to: $to }) { to userErrors { code } } }"
WALLETS = ("tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_insufficient_funds",
           "tok_authentication_required", *LOST, CHARGED_BACK, REFUND_FAILS, *REFUND_LOST)


class Life:
    """The life of a small marketplace on one database."""

    def __init__(self, program, dice, scale):
        self.program, self.dice, self.scale = program, dice, scale
        self.books = Books(START)
        self.tally = Counter()
        self.kill_next = False

    def begin(self):
        """Registers people, and gives clients their cards."""
        self.program.run("migrate")
        names = [("--client", f"client{n}") for n in range(PEOPLE[0])]
        names += [("--freelancer", f"freelancer{n}") for n in range(PEOPLE[1])] + [("--admin", "root")]
        for role, name in names:
            self.program.run("register", role, f"{name}@money.example")
        emails = [word for _, name in names for word in ("--email", f"{name}@money.example")]
        tokens = self.program.run("token", *emails).stdout.split()
        for (role, name), token in zip(names, tokens):
            if role == "--client":
                self.books.clients.append(Client(name, token))
            elif role == "--freelancer":
                self.books.freelancers.append(Freelancer(name, token))
        self.admin = Freelancer("root", tokens[-1])
        self.program.start_server()
        for client in self.books.clients:
            for card in WALLETS:
                added = self.program.client.ask(client.token, CARD, t=card)["addPaymentMethod"]
                agree("refusals of a card", added["userErrors"], [])
                client.cards.append((card, added["paymentMethod"]["id"]))

    def live(self):
        """All days, with deeds at random hours and the kills among them."""
        deeds = Deeds(self.books, self.send, self.admin, self.dice)
        kills = set(self.dice.sample(range(1, DAYS), KILLS))
        for day in range(1, DAYS + 1):
            doomed = self.dice.randrange(self.scale) if day in kills else None
            for place in range(self.scale):
                self.kill_next = self.kill_next or place == doomed
                self.tally[deeds.any()] += 1
            self.advance(START + timedelta(days=day, hours=self.dice.randrange(-8, 9), minutes=self.dice.randrange(60)))
            if day % 10 == 0:
                compare(self.books, self.program.client)
                self.tally["comparisons"] += 1

    def advance(self, to):
        """Moves the clock."""
        done = self.program.client.ask(self.admin.token, ADVANCE, to=stamp(to))["advanceClock"]
        agree("refusals of an advance", done["userErrors"], [])
        self.books.move_clock(to)

    def send(self, token, document, variables, is_lost=False):
        """Sends a request, or, when a kill is due, sends it, kills the server meanwhile, and sends it again."""
        if not self.kill_next or is_lost:
            return self.program.client.ask(token, document, **variables)["done"]
        self.kill_next = False
        body = json.dumps({"query": document, "variables": variables}).encode()
        doomed = Asker(self.program.client.port)

        def ask():
            try:
                doomed._post(token, body)  # pylint: disable=protected-access
                self.tally["answered before the kill"] += 1
            except Gone:
                pass

        thread = threading.Thread(target=ask)
        thread.start()
        # A moment within the request, which takes some milliseconds.
        thread.join(self.dice.random() * 0.02)
        self.program.server.kill()
        self.program.server.wait()
        thread.join()
        doomed.close()
        self.program.client.close()
        self.program.start_server()
        self.tally["kills"] += 1
        return self.program.client.ask(token, document, **variables)["done"]

    def end(self):
        """Lets a payment be unknown over an advance by command, compares all, and proves the books; returns the digest."""
        deeds = Deeds(self.books, self.send, self.admin, self.dice)
        deeds.count = 1_000_000
        deeds.fund_and_lose()
        self.program.stop_server()
        later = self.books.now + timedelta(days=1)
        self.program.advance(later)
        self.books.move_clock(later)
        self.program.start_server()
        compare(self.books, self.program.client)
        self.program.stop_server()
        return self.program.verify()


def story(kind, given, folder):
    """Plays all days on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "money") if kind == "sqlite" else Postgres(given.postgres, "money")
    database.create()
    life = Life(Program(os.path.abspath(given.binary), database.url, START, place), random.Random(given.seed), given.scale)
    try:
        life.begin()
        life.live()
        digest = life.end()
        say(f"[{kind}] {dict(life.tally)}")
        books = life.books
        people = [*books.freelancers, *books.clients]
        paid = {"cents in cash": sum(one.cash for one in people), "cents owed": sum(one.owed for one in people),
                "cents of fees": books.fees, "cents in escrow": books.escrow(), "cents collected": books.collected,
                "cents given back": books.given_back, "cents charged back": books.charged_back}
        agree("where the collected money is", paid["cents in cash"] - paid["cents owed"] + books.fees + books.escrow(),
              books.collected - books.given_back - books.charged_back)
        return {**dict(sorted(life.tally.items())), **paid}, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] at {life.books.now}: {no}; log: {life.program.log_tail()}") from None
    finally:
        life.program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, 20, "deeds a day")

    def report(outcomes):
        digests = {kind: digest for kind, (_, digest) in outcomes.items()}
        if len(set(digests.values())) > 1:
            raise Disagreement(f"digests: {digests}")
        return {"days": DAYS, "scale": given.scale, "counts": {kind: counts for kind, (counts, _) in outcomes.items()},
                "digests": digests}

    return play(given, story, report)


if __name__ == "__main__":
    sys.exit(main())
