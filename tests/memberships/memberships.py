#!/usr/bin/env python3
"""Two years in which freelancers upgrade, are renewed, buy Connects and use promo codes, on each database.

People pay by cards that work, fail, leave nobody knowing, or are charged back; they cancel and keep their plans, get months
as a gift, swap cards, move to where there is a tax, and spend Connects on proposals. In a campaign, some refer friends, who
earn, give back, and pay from their cash accounts. An admin makes codes with limits and
ends one, lets people buy again, and changes the prices twice. Now and then the server is killed while a request is under way,
and the request is sent again with the same key. A model that shares no code with the server predicts every answer, price,
lot, plan and purchase; everything is compared every few weeks. At the end the platform's sales and taxes are those of the
model, no task has failed, and `connects verify` must find nothing.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage.

    memberships.py --binary target/release/connects --scale 30 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import os
import random
import sys
from datetime import datetime, timedelta, timezone

import asking
from agreement import Disagreement, agree
from clocks import instant, say
from databases import Postgres, Sqlite
from deeds import Deeds
from friends import REWARD, Friends
from line import Line
from member import Member
from prices import Terms, dollars
from program import Program
from promos import Promo
from stories import arguments, play, same_on_each

START = datetime(2026, 1, 1, 12, 2, 30, tzinfo=timezone.utc)
"Deeds happen between two ticks of every task."
DAYS = 730
KILLS = 12
PEOPLE_PER_SCALE = 10
CHANGES = {220: {"micros": 180_000}, 260: {"plus_cents": 1_599, "ahead": 5}, 300: {"plus_paid": 65, "ahead": 60},
           320: {"micros": 160_000}, 470: {"plus_cents": 1_699, "plus_paid": 70}}
"On which days the admin changes which prices, some of them days ahead; what day 300 plans, day 320 replaces."


LIMITS = ("PAYMENTS__LIMITS__METHODS_PER_ACCOUNT", "PAYMENTS__LIMITS__METHODS_PER_ADDRESS", "SIGN_IN__REGISTRATIONS_PER_ADDRESS",
          "SIGN_IN__MAILS_PER_ADDRESS")
UNLIMITED = {f"CONNECTS_{limit}__{what}": number for limit in LIMITS for what, number in (("TIMES", "1000"), ("MINUTES", "1"))}
"Two years of cards and friends within a few minutes of the machine, from one address."
QUICK = {"CONNECTS_SIGN_IN__ANSWER_FLOOR_MS": "0", "CONNECTS_SIGN_IN__ARGON2_MEMORY_KIB": "64", "CONNECTS_SIGN_IN__ARGON2_PASSES": "1"}
"Nobody here guesses passwords."
KINDS = ("referrals PAID", "referrals ENDED", "refunds", "buy refused: PROMO_CODE_USED_UP", "buy refused: PURCHASES_FROZEN", "cancel", "keep", "kills", "propose",
         "purchases by a code alone", "purchases by tok_lost", "purchases CONNECTS CHARGED_BACK", "purchases MEMBERSHIP CHARGED_BACK",
         "purchases MEMBERSHIP FAILED", "unfreeze", "upgrades by a month that was given", "upgrade refused: NO_PAYMENT_METHOD",
         "uses of ALL-OFF", "uses of FEW-PLACES", "uses of TWO-MONTHS")
"What must happen in a story of the usual size."


class Person:
    """Somebody who is asked for, but is no freelancer."""

    def __init__(self, token):
        self.token = token


class World:
    """All people and codes, as the model has them."""

    def __init__(self):
        self.members, self.history, self.promos = [], [Terms(START)], []
        self.admin = self.client = None

    def make_promos(self, people):
        """Codes of all five kinds; some can be used by fewer than there are people."""
        self.promos = [
            Promo("MORE-20", "BONUS_CONNECTS", 20, each=3),
            Promo("FEW-PLACES", "BONUS_CONNECTS", 50, most=max(2, people // 10), minimum=300),
            Promo("THIRD-OFF", "PERCENT_OFF", 3_333, each=4),
            Promo("ALL-OFF", "PERCENT_OFF", 10_000, most=max(2, people // 5)),
            Promo("FIVE-OFF", "AMOUNT_OFF", 500, each=2, plans=("PLUS",)),
            Promo("FREE-15", "FREE_CONNECTS", 15, most=max(3, people // 3)),
            Promo("TWO-MONTHS", "PLAN_MONTHS", 2, most=max(2, people // 4)),
        ]


def created(promo, key):
    """What the admin says to make a code."""
    units = {"BONUS_CONNECTS": "connects", "FREE_CONNECTS": "connects", "PLAN_MONTHS": "months"}
    asked = {"code": promo.code, "kind": promo.kind, "perAccount": promo.each, "maxUses": promo.most,
             "minimumPurchase": {"amount": dollars(promo.minimum)}, "plans": list(promo.plans), "idempotencyKey": key}
    if promo.kind == "PERCENT_OFF":
        return {**asked, "percent": dollars(promo.amount)}
    if promo.kind == "AMOUNT_OFF":
        return {**asked, "amount": {"amount": dollars(promo.amount)}}
    return {**asked, units[promo.kind]: promo.amount}


class Life:
    """The life of the members on one database."""

    def __init__(self, program, dice, given):
        self.program, self.dice, self.scale = program, dice, given.scale
        self.world, self.line, self.now = World(), Line(program, dice), START
        self.deeds = Deeds(self.line, dice, self.world)
        self.comparisons, self.visitor = 0, Person(None)
        self.friends = Friends(self)

    def begin(self):
        """Registers the admin and a client, and makes the codes."""
        self.program.run("migrate")
        self.world.admin, self.world.client = self._person("admin", "--admin"), self._person("client", "--client")
        self.program.start_server()
        self.world.make_promos(self.scale * PEOPLE_PER_SCALE)
        for promo in self.world.promos:
            done = self.line.ask(self.world.admin, asking.CODES, i=created(promo, self.deeds.key()))["done"]
            agree(f"the refusal of {promo.code}", done["userErrors"], [])
            promo.id = done["promoCodes"][0]["id"]

    def _person(self, name, role):
        self.program.run("register", role, f"{name}@plans.example")
        return Person(self._token(name))

    def _token(self, name):
        return self.program.run("token", "--email", f"{name}@plans.example").stdout.strip()

    def _arrive(self):
        """A freelancer registers, mostly with a card."""
        name = f"f{len(self.world.members)}"
        self.program.run("register", "--freelancer", f"{name}@plans.example")
        member = Member(name, self.world.history, self.now)
        self.adopt(member)
        if self.dice.random() < 0.9:
            self.deeds.add_card(member)

    def adopt(self, member):
        """A freelancer who has registered is one of the members."""
        member.token = self._token(member.name)
        member.id = self.line.ask(self.world.admin, asking.ACCOUNT, e=f"{member.name}@plans.example")["admin"]["account"]["id"]
        self.world.members.append(member)

    def live(self):
        """All days. People arrive over the first two months, so that cycles begin on all days of the month."""
        people = self.scale * PEOPLE_PER_SCALE
        kills = {self.dice.randrange(61, DAYS) for _ in range(KILLS)}
        for day in range(DAYS):
            while day <= 60 and len(self.world.members) < min(people, 1 + people * day // 60):
                self._arrive()
            self.deeds.change_policy(self.now, **CHANGES[day]) if day in CHANGES else None
            if day == DAYS // 2:
                self.deeds.end(self.world.promos[0], self.now)
            self.line.kills_due += day in kills
            for _ in range(self.scale):
                self.deeds.any(self.now)
            self.friends.live(day)
            self.pass_until(self.now + timedelta(days=1))
            if day % 20 == 19:
                self.compare()

    def pass_until(self, to):
        """Moves the clock, and the model with it."""
        self.deeds.advance(to)
        for member in self.world.members:
            member.go_on(to)
        self.now = to
        self.friends.look()

    def compare(self):
        """Compares what each member sees."""
        self.comparisons += 1
        for member in self.world.members:
            seen = self.line.ask(member, asking.SEEN)["viewer"]
            agree(f"what {member.name} sees", self._read(seen), self._expected(member))
        self.friends.compare()

    def _read(self, seen):
        wallet = seen["wallet"]
        lots = [(lot["source"], lot["quantity"], lot["remaining"], instant(lot["issuedAt"]), instant(lot["expiresAt"]))
                for lot in wallet["lots"]["nodes"]]
        purchases = [(row["item"], row["state"], row["quantity"], row["total"]["amount"], row["promoCode"])
                     for row in seen["purchases"]["nodes"]]
        return {"lots": lots, "available": wallet["available"], "plan": wallet["plan"], "basis": wallet["planBasis"],
                "cash": seen["cashAccount"]["balance"]["amount"], "ends": wallet["planEndsOn"], "gifts": wallet["giftMonthsLeft"], "frozen": seen["arePurchasesFrozen"],
                "cycle": (wallet["billingCycle"]["startsOn"], wallet["billingCycle"]["endsOn"]), "purchases": sorted(purchases, key=str)}

    def _expected(self, member):
        lots = [(lot.source, lot.quantity, lot.remaining, lot.issued, lot.expires) for lot in member.purse.live(self.now)]
        purchases = [(one.item, one.state, one.quantity, dollars(one.cost.total), one.promo and one.promo.code)
                     for one in member.purchases[-100:]]
        ends = member.ends and str(member.ends.date())
        cycle = (str(member.started.date()), str(member.following - timedelta(days=1)))
        return {"lots": lots, "available": member.purse.available(self.now), "plan": member.plan_name, "basis": member.plan,
                "cash": dollars(member.cash), "ends": ends, "gifts": member.gifts, "frozen": member.is_frozen, "cycle": cycle,
                "purchases": sorted(purchases, key=str)}

    def end(self):
        """Compares the platform's accounts, and proves the books; returns the digest."""
        seen = self.line.ask(self.world.admin, asking.TOTALS)["admin"]
        agree("tasks that failed", seen["taskRuns"]["nodes"], [])
        balances = {row["kind"]: row["balance"]["amount"] for row in seen["platformAccounts"]}
        self.friends.end()
        agree("rewards", balances["PROMOTIONS"], dollars(-REWARD * self.deeds.tally["rewards"]))
        agree("sales", balances["SALES"], dollars(self._sum("net")))
        agree("taxes", balances["TAXES"], dollars(self._sum("tax")))
        self.program.stop_server()
        return self.program.verify()

    def _sum(self, part):
        paid = [one for member in self.world.members for one in member.purchases if one.state == "PAID"]
        return sum(getattr(one.cost, part) for one in paid)

    def missing(self):
        """Kinds of deeds that never happened, where there were so many that each should have."""
        if self.scale < 10:
            return []
        counts = self.counts()
        return [kind for kind in KINDS if not any(name.startswith(kind) and count for name, count in counts.items())]

    def counts(self):
        """What happened how often."""
        members = self.world.members
        states = [f"purchases {one.item} {one.state}" for member in members for one in member.purchases]
        uses = {f"uses of {promo.code}": sum(promo.uses.values()) for promo in self.world.promos}
        counted = {name: states.count(name) for name in sorted(set(states))}
        deeds = dict(sorted((self.deeds.tally + self.line.tally).items()))
        return {"people": len(members), "comparisons": self.comparisons, **deeds, **counted, **uses,
                "cents of sales": self._sum("net"), "cents of taxes": self._sum("tax")}


def story(kind, given, folder):
    """Plays all days on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "plans") if kind == "sqlite" else Postgres(given.postgres, "plans")
    database.create()
    program = Program(os.path.abspath(given.binary), database.url, START, place)
    program.environment |= UNLIMITED | QUICK
    life = Life(program, random.Random(given.seed), given)
    try:
        life.begin()
        life.live()
        digest, counts = life.end(), life.counts()
        agree("kinds of deeds that never happened", life.missing(), [])
        say(f"[{kind}] {counts}")
        return counts, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] at {life.now}: {no}; log: {life.program.log_tail()}") from None
    finally:
        life.program.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, 30, "deeds a day, and tens of people,")
    return play(given, story, lambda outcomes: {"days": DAYS, "scale": given.scale, **same_on_each(outcomes)})


if __name__ == "__main__":
    sys.exit(main())
