"""Checks of the model and of the plan that need no server: `python3 -m unittest` in this folder."""

import csv
import io
import unittest
from datetime import date, datetime, timedelta, timezone

import model
import plan
import posts


def at(text):
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def fixed(cents):
    """A fixed-price post."""
    return posts.Post("t", "FIXED", None, None, cents, "EXPERT", "c", ())


def hourly(low, high):
    """An hourly post."""
    return posts.Post("t", "HOURLY", low, high, None, "EXPERT", "c", ())


def cycle_days(first, count):
    """The first days of the cycles of someone who registers on `first`."""
    day = date.fromisoformat(first)
    anchor = 1 if day.day > 28 else day.day
    days = [day]
    while len(days) < count:
        days.append(model.next_cycle_day(days[-1], anchor))
    return [str(day) for day in days]


class Calendar(unittest.TestCase):
    """Cycles and expiries."""

    def test_cycles_start_on_the_day_of_registration(self):
        self.assertEqual(cycle_days("2026-01-28", 3), ["2026-01-28", "2026-02-28", "2026-03-28"])
        self.assertEqual(cycle_days("2026-01-01", 3), ["2026-01-01", "2026-02-01", "2026-03-01"])

    def test_the_29th_to_31st_become_the_1st_of_the_month_after_next(self):
        for day in (29, 30, 31):
            self.assertEqual(cycle_days(f"2026-01-{day}", 3)[1:], ["2026-03-01", "2026-04-01"])
        self.assertEqual(cycle_days("2028-02-29", 2)[1:], ["2028-04-01"])

    def test_a_lot_lives_one_calendar_year(self):
        self.assertEqual(model.one_year_after(at("2026-03-10T12:34:56")), at("2027-03-10T12:34:56"))
        self.assertEqual(model.one_year_after(at("2028-02-29T08:00:00")), at("2029-03-01T08:00:00"))

    def test_hourly_tasks_run_at_their_minute(self):
        self.assertEqual(model.first_task_run(at("2026-01-01T00:00:00"), 5), at("2026-01-01T00:05:00"))
        self.assertEqual(model.first_task_run(at("2026-01-01T00:15:01"), 15), at("2026-01-01T01:15:00"))


class Prices(unittest.TestCase):
    """J-3."""

    def test_by_value(self):
        cases = [(0, 2), (5_000, 2), (5_001, 4), (60_000, 4), (60_001, 6), (300_000, 6), (300_001, 8)]
        for cents, price in cases:
            self.assertEqual(model.price_of(fixed(cents), 0), price, cents)
        self.assertEqual(model.value_of(hourly(2_500, 3_500)), 240_000)
        self.assertEqual(model.price_of(hourly(None, None), 0), 4)

    def test_by_demand(self):
        dear = [model.price_of(fixed(10**8), n) for n in (0, 19, 20, 49, 50)]
        self.assertEqual(dear, [8, 8, 12, 12, 16])
        self.assertEqual(model.price_of(fixed(1), 20), 3)


class Wallets(unittest.TestCase):
    """Grants, spending and expiry."""

    def test_spending_is_first_in_first_out(self):
        wallet = model.Wallet(at("2026-01-05T10:00:00"))
        now = at("2026-01-31T10:00:00")
        self.assertEqual(wallet.available(now), 50)
        wallet.spend(38, now, ("PROPOSAL", 0))
        row = wallet.spend(5, now, ("PROPOSAL", 1))
        self.assertEqual([(m[0], m[2]) for m in row.moved], [("SIGNUP", -2), ("MONTHLY_FREE", -3)])
        self.assertEqual(wallet.available(now), 7)
        self.assertEqual(wallet.available(at("2027-01-05T10:00:00")), 0)

    def test_one_grant_per_cycle_and_plus_from_the_next_one(self):
        wallet = model.Wallet(at("2026-01-30T10:00:00"))
        wallet.take_plus()
        wallet.advance(at("2026-04-01T00:04:59"))
        self.assertEqual([(r.kind, str(r.effective_at.date())) for r in wallet.rows[2:]],
                         [("MONTHLY_FREE", "2026-03-01"), ("MEMBERSHIP", "2026-03-01")])
        wallet.advance(at("2026-04-01T00:05:00"))
        self.assertEqual(len(wallet.rows), 6)

    def test_a_rest_expires_and_a_spent_lot_does_not(self):
        wallet = model.Wallet(at("2026-01-05T10:00:30"))
        wallet.spend(42, at("2026-01-31T10:00:00"), ("PROPOSAL", 0))
        wallet.advance(at("2027-01-05T10:15:00"))
        expired = [row for row in wallet.rows if row.kind == "EXPIRED"]
        self.assertEqual([(r.quantity, r.effective_at, r.document) for r in expired],
                         [(-8, at("2027-01-05T10:00:30"), ("LOT", "2"))])
        balance = sum(row.quantity for row in wallet.rows)
        self.assertEqual(balance, sum(lot.remaining for lot in wallet.lots))

    def test_a_refused_proposal_counts_for_nothing(self):
        market = model.Market([fixed(10**8)])
        now = at("2026-01-05T10:00:00")
        market.register("a", now)
        answers = [market.submit("a", 0, now) for _ in range(7)]
        self.assertEqual([a.accepted for a in answers], [True] * 6 + [False])
        self.assertEqual((answers[6].price, answers[6].available, market.proposals), (8, 2, [6]))


class Plans(unittest.TestCase):
    """The plan is a pure function of seed and counts."""

    def sizes(self, seed=7):
        """A small plan's arguments."""
        return plan.Sizes(seed=seed, freelancers=40, plus=8, idle=4, submits=300, days=60, kills=5)

    def test_same_seed_same_plan(self):
        one, two = (plan.make(self.sizes(), 300) for _ in range(2))
        self.assertEqual(one, two)
        self.assertNotEqual(one.submits, plan.make(self.sizes(8), 300).submits)

    def test_counts(self):
        made = plan.make(self.sizes(), 300)
        people = [email for _, emails in made.registrations for email in emails]
        self.assertEqual((len(people), len(set(people)), len(made.registrations)), (40, 40, 31))
        self.assertEqual([now.day for now, _ in made.registrations], list(range(1, 32)))
        self.assertEqual((len(made.plus), len(made.idle)), (8, 4))
        self.assertEqual((len(made.submits), len(set(made.submits))), (300, 300))
        self.assertFalse({email for email, _ in made.submits} & set(made.idle))
        self.assertEqual((len(made.submit_kills), len(made.advance_kills)), (3, 2))
        self.assertEqual(made.end, made.registrations[-1][0] + timedelta(days=60))
        self.assertTrue(all(made.registrations[-1][0] < moment < made.end for moment, _ in made.advance_kills))

    def test_a_generated_file_reads_back(self):
        text = posts.generate(3, 300)
        self.assertEqual(text, posts.generate(3, 300))
        made = posts.parse(io.StringIO(text))
        self.assertEqual((len(made), len({post.title for post in made})), (300, 300))
        shapes = {(p.payment, p.budget is None, p.hourly_min is None, bool(p.skills)) for p in made}
        self.assertGreaterEqual(len(shapes), 5)
        self.assertEqual(next(csv.reader(io.StringIO(text))), posts.HEADER)


if __name__ == "__main__":
    unittest.main()
