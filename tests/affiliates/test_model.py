"""The model's own arithmetic, by examples that were worked out by hand."""

import paths  # noqa: F401  # pylint: disable=unused-import

import unittest
from datetime import date, datetime, timedelta, timezone

from cast import iban_of
from dates import business, converted, due_of, earned, first_lock, money, next_lock, next_tick, pay_day
from things import Affiliate, Browser, Job, Link, Method, Person, trace_of
from year import Year


def at(text):
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


START = at("2026-01-10T12:00")


class Days(unittest.TestCase):
    """Months, business days and amounts."""

    def test_locks(self):
        """January's actions lock when February is over, and are due on 3 March (F-6)."""
        for action, lock in (("2026-01-01", "2026-03-01"), ("2026-01-31T23:59", "2026-03-01"), ("2026-02-01", "2026-04-01"),
                             ("2026-11-30", "2027-01-01"), ("2026-12-31", "2027-02-01"), ("2028-02-29", "2028-04-01")):
            self.assertEqual(first_lock(at(action)), at(lock), action)
        self.assertEqual((next_lock(at("2026-12-01")), due_of(at("2027-01-01"))), (at("2027-01-01"), at("2027-01-03")))

    def test_days_of_paying(self):
        """A weekend or a holiday is the next business day; what is due on the very day is paid on it (F-7, W-5)."""
        for due, number, paid in (("2026-03-03", 15, "2026-03-16"), ("2026-03-03", 1, "2026-04-01"),
                                  ("2026-08-03", 1, "2026-08-03"), ("2026-08-04", 1, "2026-09-01"),
                                  ("2027-01-03", 1, "2027-01-04"), ("2026-12-03", 1, "2027-01-04")):
            self.assertEqual(pay_day(at(due), number), date.fromisoformat(paid), (due, number))
        self.assertEqual(business(date(2026, 12, 25)), date(2026, 12, 28))

    def test_amounts(self):
        """The cap, half cents, and other currencies (F-5, W-5)."""
        self.assertEqual([earned(cents) for cents in (10_000, 21_427, 21_428, 21_429, 715, 714, 0)],
                         [7_000, 14_999, 15_000, 15_000, 501, 500, 0])
        self.assertEqual([converted(7_001, currency) for currency in ("USD", "EUR", "GBP")], [7_001, 6_441, 5_496])
        self.assertEqual([money(cents) for cents in (5, 123_456, -7)], ["0.05", "1234.56", "-0.07"])
        self.assertEqual(next_tick(at("2026-01-01T10:03")), at("2026-01-01T10:05"))

    def test_people(self):
        """What is after a plus does not make another person; a public domain is no organisation (F-4, F-9)."""
        self.assertEqual(trace_of("ann+shop@people.example"), [("PERSON", "ann@people.example")])
        self.assertEqual(trace_of("ann@firm.company")[1], ("ORGANISATION", "firm.company"))
        self.assertEqual(iban_of(532013000), "DE89370400440532013000")


class TheYear(unittest.TestCase):
    """Worked examples, from a click to a payout."""

    def setUp(self):
        self.year = Year(START)
        self.ann, self.ada = self._person("ann"), self._person("ada", is_freelancer=True)
        self.affiliate = Affiliate(self.ann, state="APPROVED")
        self.year.affiliates.append(self.affiliate)
        self.link = Link(self.affiliate, "link", "/r/link", "/")
        self.ann.method = Method("BACS", "GBP", "Ann Lee", "account", START)

    def _person(self, name, **profiles):
        person = Person(name, f"{name}@people.example", self.year.now, **profiles)
        self.year.register(person)
        return person

    def _bring(self, cents, name="clara"):
        browser = Browser()
        self.year.click(browser, self.link)
        client = self._person(name, is_client=True)
        one = self.year.attribute(client, browser)
        job = Job(client, self.ada, cents, self.year.now)
        self.year.jobs.append(job)
        return one, job

    def _go(self, text):
        self.year.move_clock(at(text))

    def test_to_a_payout(self):
        """70.00 of 100.00 lock on 1 March, and are paid in pounds on 16 March."""
        one, job = self._bring(10_000)
        self.year.pay(job, "tok_visa")
        self._go("2026-01-11T12:00")
        commission = one.commission
        self.assertEqual((one.state, commission.state, commission.expected), ("COMMISSIONED", "PENDING", 7_000))
        job.release(self.year.now)
        self.assertEqual(self.ada.cash, 9_000)
        self._go("2026-03-01T12:00")
        self.assertEqual((commission.state, commission.ended_at), ("LOCKED", at("2026-03-01")))
        self._go("2026-03-04T12:00")
        self.assertEqual([line.hold for line in self.year.plan("COMMISSIONS")], ["PAID_LATER"])
        self.assertEqual(self.year.worth(self.affiliate), (7_000, 0, 0))
        self._go("2026-03-16T12:00")
        payout, = self.ann.payouts
        self.assertEqual((payout.state, payout.minor, payout.made_at), ("PAID", 5_495, at("2026-03-16T02:00")))
        self.assertEqual((commission.state, self.year.worth(self.affiliate)), ("PAID", (0, 0, 7_000)))

    def test_hires(self):
        """A hire 720 hours after the click is too late, whether it is paid or not; one just before is not."""
        one, job = self._bring(10_000)
        job.hired_at = START + timedelta(hours=720)
        other, early = self._bring(10_000, "cleo")
        early.hired_at = job.hired_at - timedelta(minutes=1)
        self._go("2026-02-10T12:00")
        self.assertEqual((one.state, other.state), ("NO_HIRE_IN_TIME", "OPEN"))
        self.year.pay(early, "tok_lost_after")
        self._go("2026-02-10T12:04")
        self.assertEqual(early.state, "FUNDING")
        self._go("2026-02-12T12:00")
        self.assertEqual((other.state, early.funded_at), ("COMMISSIONED", at("2026-02-10T12:05")))

    def test_fates(self):
        """The last click wins; what each of them came to is said (F-4)."""
        browser = Browser()
        for day in ("2026-02-01", "2026-03-01", "2026-03-02"):
            self._go(day)
            self.year.click(browser, self.link)
        self._go("2026-03-03T12:00")
        one = self.year.attribute(self._person("clara", is_client=True), browser)
        self._go("2026-03-04")
        self.year.click(browser, self.link)
        self.assertEqual([one.fate(click) for click in browser.clicks], ["TOO_OLD", "SUPERSEDED", "WON", "TOO_LATE"])
        for name, profiles, why in (("clara+two", {"is_client": True}, "KNOWN_PERSON"), ("ben", {}, "NOT_A_CLIENT"),
                                    ("eve", {"is_client": True, "is_freelancer": True}, "FREELANCER")):
            self.assertEqual(self.year.attribute(self._person(name, **profiles), browser).refusal, why)
        self._go("2026-04-03")
        self.assertEqual(self.year.attribute(self._person("dan", is_client=True), browser).refusal, "CLICK_TOO_OLD")

    def test_what_goes_back(self):
        """Refunds before the lock count, in escrow or after a release; what banks take is another reason (F-6)."""
        jobs = [self._bring(10_000, f"client{number}") for number in range(5)]
        for (_, job), card in zip(jobs, ("tok_visa", "tok_visa", "tok_visa", "tok_charged_back", "tok_visa")):
            self.year.pay(job, card)
        jobs[0][1].refund(self.year.now, 10_000)
        jobs[1][1].release(self.year.now)
        jobs[1][1].refund(self.year.now, 4_000)
        jobs[2][1].decide(self.year.now, 2_500)
        jobs[3][1].release(self.year.now)
        self._go("2026-01-11T12:00")
        self.assertEqual([one.commission.state for one, _ in jobs], ["REVERSED", *["PENDING"] * 4])
        self.assertEqual([one.commission.expected for one, _ in jobs], [0, 4_200, 5_250, 7_000, 7_000])
        self._go("2026-03-01")
        jobs[4][1].release(self.year.now)
        self._go("2026-03-01T12:00")
        self.assertEqual([(one.commission.state, one.commission.reason, one.commission.locked) for one, _ in jobs], [
            ("REVERSED", "REFUNDED", 0), ("LOCKED", None, 4_200), ("LOCKED", None, 5_250), ("REVERSED", "CHARGED_BACK", 0),
            ("PENDING", None, 0)])
        self.assertEqual(jobs[4][0].commission.next_lock_at, at("2026-04-01"))
        self.assertEqual((self.ada.cash, self.ada.owed), (5_400 + 6_750 + 9_000, 0))

    def test_suspensions(self):
        """What is pending is reversed, what has locked is kept and held (F-8)."""
        (one, job), (other, early) = self._bring(10_000), self._bring(20_000, "cleo")
        self.year.pay(job, "tok_visa")
        job.release(self.year.now)
        self._go("2026-02-10T08:00")
        self.year.pay(early, "tok_visa")
        self._go("2026-03-01")
        self.year.decide(self.affiliate, "SUSPEND")
        self.assertFalse(self.link.counts)
        self._go("2026-03-16T12:00")
        self.assertEqual((one.commission.state, other.commission.reason), ("LOCKED", "AFFILIATE_SUSPENDED"))
        self.assertEqual([line.hold for line in self.year.plan("COMMISSIONS")], ["AFFILIATE_SUSPENDED"])
        self.year.decide(self.affiliate, "REINSTATE")
        self._go("2026-03-17T12:00")
        self.assertEqual(one.commission.state, "PAID")

    def test_relations(self):
        """Who belongs to the affiliate by the lock or by the payout brings nothing (F-9)."""
        (one, job), (other, late) = self._bring(10_000), self._bring(10_000, "cleo")
        late.freelancer = self._person("eve", is_freelancer=True)
        for each in (job, late):
            self.year.pay(each, "tok_visa")
            each.release(self.year.now)
        self.ann.seen("PAYOUT", "account", self.year.now)
        self._go("2026-02-28")
        self.ada.seen("PAYOUT", "account", self.year.now)
        self._go("2026-03-05T12:00")
        late.freelancer.seen("PAYOUT", "account", self.year.now)
        self._go("2026-03-16T12:00")
        for commission, ended in ((one.commission, "2026-03-01"), (other.commission, "2026-03-06T02:00")):
            self.assertEqual((commission.state, commission.reason, commission.ended_at),
                             ("OUTSIDE_TERMS", "RELATED_TO_AFFILIATE", at(ended)))
        self.assertEqual(([line.hold for line in self.year.plan("COMMISSIONS")], self.ann.payouts), (["OUTSIDE_TERMS"], []))

    def test_withdrawals(self):
        """New details and weekends hold them; too much waits for admins; what fails comes back, and settles what is owed."""
        self.ada.cash = 1_300_000
        self.ada.method = Method("PAYPAL", "EUR", "Ada Lee", "ada", self.year.now)
        small = self.year.withdraw(self.ada, 5_000)
        self._go("2026-01-11T12:00")
        self.assertEqual((small.state, small.hold), ("HELD", "NOT_A_BUSINESS_DAY"))
        self._go("2026-01-12T11:59")
        self.assertEqual(small.hold, "PAYOUT_METHOD_CHANGED")
        large = self.year.withdraw(self.ada, 1_200_000)
        self._go("2026-01-13T12:00")
        self.assertEqual((large.state, self.year.for_admins), ("SCHEDULED", {"WITHDRAWAL"}))
        self.ada.method = Method("PAYPAL", "EUR", "Ada closed Lee", "other", START)
        self.year.apply("WITHDRAWAL")
        self.assertEqual((large.state, large.minor), ("PROCESSING", 1_104_000))
        self.ada.owed = 100
        self._go("2026-01-13T12:10")
        self.assertEqual((large.state, large.failure, self.ada.cash), ("FAILED", "ACCOUNT_CLOSED", 1_299_900))

    def test_lost_answers(self):
        """Nobody knows, and the provider is asked again after two minutes."""
        self.ada.cash = 5_000
        self.ada.method = Method("PAYPAL", "USD", "Ada lost after Lee", "ada", at("2026-01-01"))
        self._go("2026-01-12T12:00")
        payout = self.year.withdraw(self.ada, 5_000)
        self._go("2026-01-13T03:01")
        self.assertEqual(payout.state, "UNKNOWN")
        self._go("2026-01-13T04:00")
        self.assertEqual((payout.state, payout.ended_at), ("PAID", at("2026-01-13T03:05")))


if __name__ == "__main__":
    unittest.main()
