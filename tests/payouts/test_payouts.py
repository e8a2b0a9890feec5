"""The model's own rules, by examples that were worked out by hand; and that a contradiction in a database is found."""

import paths  # noqa: F401  # pylint: disable=unused-import

import sqlite3
import unittest
from collections import Counter
from datetime import datetime, timedelta, timezone

from agreement import Disagreement
from book import Book
from clockwork import morning_after
from payees import ADMINS, EXACT, LIMIT, OWN, PAYABLES, Method, Payable, Person, cohorts, price_for
from proof import is_due
from truth import SqliteTruth
from waves import has_failed, id_of, key_of
from ways import FAULTY, GOOD, Way


def at(text):
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


WEDNESDAY = at("2026-03-04T13:00")


class Plans(unittest.TestCase):
    """What follows from the seed."""

    def test_ways(self):
        """There are fifteen faulty ways; what is lost after the provider has heard of it is looked up, not sent again."""
        self.assertEqual(len(set(FAULTY)), 15)
        self.assertEqual([Way(lost).attempts for lost in ("", "lost before", "lost after", "lost twice")], [1, 2, 1, 2])
        self.assertEqual(Way("lost twice", "closed").holder(7), "Ann 7 lost twice closed Lee")
        self.assertEqual((Way("lost after", "invalid").failure, GOOD.failure), ("INVALID_DETAILS", None))

    def test_three_in_ten_are_faulted_evenly(self):
        """Whatever the seed and the scale, each faulty way is that of one in fifty, and all amounts suit their kind."""
        for seed, scale in ((1, 1), (2, 1), (3, 5), (4, 10), (5, 50)):
            made = cohorts(seed, scale)
            people = [one for cohort in made for one in cohort.people]
            ways = Counter(one.way for one in people)
            self.assertEqual((len(people), ways.pop(GOOD)), (100 * scale, 70 * scale))
            self.assertEqual(set(ways.values()), {2 * scale})
            self.assertEqual(len({one.number for one in people}), len(people))
            self.assertEqual(sum(len(cohort.payables) for cohort in made), 1_000 * scale)
            for cohort in made:
                self._suits(cohort)

    def _suits(self, cohort):
        total = sum(one.cents for one in cohort.payables)
        if cohort.kind == EXACT:
            self.assertEqual((total, len(cohort.payables)), (LIMIT, 1_000))
        else:
            self.assertEqual(total > LIMIT, cohort.kind == ADMINS, total)
            self.assertEqual(sum(one.quits for one in cohort.people), len(cohort.people) // 50)

    def test_the_same_seed_makes_the_same(self):
        """And another one something else."""
        def shape(seed):
            return [(one.email, one.way, one.habit, one.price, [each.cents for each in one.payables])
                    for cohort in cohorts(seed, 2) for one in cohort.people]

        self.assertEqual(shape(1), shape(1))
        self.assertNotEqual(shape(1), shape(2))

    def test_prices(self):
        """After a fee of ten per cent, half a cent up, so much is left."""
        self.assertEqual([price_for(cents) for cents in (9_000, 1, 90, 900)], [10_000, 1, 100, 1_000])

    def test_ids(self):
        """The key with the provider is the id of the payout."""
        key = "01a22a85aba475f88db336d38f073b90"
        self.assertEqual(id_of(key), "UGF5b3V0OjAxYTIyYTg1LWFiYTQtNzVmOC04ZGIzLTM2ZDM4ZjA3M2I5MA")
        self.assertEqual(key_of(id_of(key)), key)


class Paying(unittest.TestCase):
    """The book, by examples."""

    def setUp(self):
        self.book = Book(WEDNESDAY)

    def _person(self, cents, way=GOOD, set_at="2026-03-02T12:00", currency="USD"):
        person = Person(1, way, cash=sum(cents) + 5)
        person.methods.append(Method("PAYPAL", currency, "ann@pay.example", way, "Ann Lee", at(set_at)))
        person.payables = [Payable(person, number, one) for number, one in enumerate(cents)]
        for one in person.payables:
            self.book.withdraw(one, f"{id(person)} {one.number}")
        return person

    def _states(self, person):
        return [(one.payouts[-1].state, one.payouts[-1].hold or one.payouts[-1].failure) for one in person.payables]

    def test_up_to_the_limit_the_task_pays(self):
        """Exactly the limit it pays, a cent more it leaves to the admins, and all of it."""
        person = self._person([LIMIT])
        self.assertEqual(self.book.run(), 0)
        other = self._person([LIMIT, 1])
        self.assertEqual((self.book.run(), self.book.for_admins), (2, True))
        self.book.settle()
        self.assertEqual((self._states(person), self._states(other)), ([("PAID", None)], [("SCHEDULED", None)] * 2))
        self.book.apply()
        self.book.settle()
        self.assertEqual((self._states(other), self.book.for_admins, other.cash), ([("PAID", None)] * 2, False, 5))

    def test_a_request_that_is_repeated(self):
        """It makes nothing new."""
        person = self._person([1_000])
        self.book.withdraw(person.payables[0], f"{id(person)} 0")
        self.assertEqual((person.cash, len(self.book.waiting), len(person.payables[0].payouts)), (5, 1, 1))

    def test_refusals(self):
        """What is refused is in the cash account again; what is withdrawn then is held until it is mended for two days."""
        person = self._person([1_000, 2_000], Way("lost twice", "closed"), currency="GBP")
        self.book.run()
        self.book.settle()
        self.assertEqual((self._states(person), person.cash), ([("FAILED", "ACCOUNT_CLOSED")] * 2, 3_005))
        self.assertEqual(sorted(self.book.transfers().values())[0], ("ann@pay.example", 785, "GBP", 2, True, "ACCOUNT_CLOSED"))
        self.book.withdraw(person.payables[0], "again")
        self.book.run()
        self.assertEqual(self._states(person)[0], ("HELD", "PAYOUT_METHOD_FAILED"))
        person.methods.append(Method("PAYPAL", "USD", "ada@pay.example", GOOD, "Ann Lee", self.book.now))
        self.book.pass_time(at("2026-03-06T08:00"))
        self.assertEqual(self._states(person)[0], ("HELD", "PAYOUT_METHOD_CHANGED"))
        self.assertEqual([self.book.plan()[1:]], [(0, 1_000)])
        self.book.pass_time(at("2026-03-09T08:00"))
        self.assertEqual((self._states(person)[0], has_failed(person.payables[1])), (("PAID", None), True))
        self.assertEqual(self.book.transfers()["again"], ("ada@pay.example", 1_000, "USD", 1, True, None))
        self.assertEqual(person.cash, 2_005)

    def test_weekends(self):
        """Nothing is paid on a Saturday; the task of the night before Monday pays."""
        self.book.now = at("2026-03-07T10:00")
        person = self._person([1_000])
        self.book.run()
        self.assertEqual(self._states(person), [("HELD", "NOT_A_BUSINESS_DAY")])
        self.book.pass_time(at("2026-03-09T02:59"))
        self.assertEqual(self._states(person), [("HELD", "NOT_A_BUSINESS_DAY")])
        self.book.pass_time(at("2026-03-09T03:00"))
        self.assertEqual(self._states(person), [("PAID", None)])
        self.assertEqual(morning_after(at("2026-03-06T18:30")), at("2026-03-09T08:00"))

    def test_new_accounts(self):
        """An account may be paid to from the very instant at which two days are over."""
        person = self._person([1_000], set_at="2026-03-02T13:00")
        self.book.now -= timedelta(microseconds=1)
        self.assertEqual(self.book.hold_of(person), "PAYOUT_METHOD_CHANGED")
        self.book.now += timedelta(microseconds=1)
        self.assertIsNone(self.book.hold_of(person))

    def test_what_is_cancelled(self):
        """It is in the cash account, and the provider never hears of it."""
        person = self._person([1_000, 1_500])
        self.book.cancel(person.payables[0].payouts[0])
        self.book.run()
        self.book.settle()
        self.assertEqual(self._states(person), [("FAILED", "CANCELLED"), ("PAID", None)])
        self.assertEqual((person.cash, len(self.book.transfers()), has_failed(person.payables[0])), (1_005, 1, False))

    def test_a_run_in_two_transactions(self):
        """Of more than five hundred, those to an account that fails may be held in between."""
        person = self._person([1_000] * 501, Way("", "refused"))
        self.book.run()
        self.book.settle()
        self.assertEqual(len(self.book.may_be_held), 501)
        last = person.payables[-1].payouts[0]
        self.book.hold_back(last)
        self.assertEqual((self._states(person)[-1], person.cash), (("HELD", "PAYOUT_METHOD_FAILED"), 500_005))
        self.assertEqual((len(self.book.transfers()), list(self.book.waiting)), (500, [last.key]))

    def test_what_is_due(self):
        """Those are not paid that cancel it or never mend it, whatever else happens."""
        people = [one for cohort in cohorts(1, 1) for one in cohort.people]
        due = [is_due(one) for person in people for one in person.payables]
        quits = sum(one.quits for one in people)
        self.assertEqual((len(due), due.count(False)), (1_000, 2 * 3 * PAYABLES + quits))
        self.assertEqual([one.kind for one in cohorts(1, 1)], [OWN, ADMINS])


TABLES = """CREATE TABLE sandbox_transfers (key BLOB PRIMARY KEY, payee TEXT, amount_minor INTEGER, currency TEXT,
  attempts INTEGER, accepted INTEGER, failure TEXT);
CREATE TABLE payouts (id BLOB PRIMARY KEY, state TEXT, failure TEXT, attempts INTEGER, paid_minor INTEGER,
  paid_currency TEXT)"""


class Contradictions(unittest.TestCase):
    """Each kind of contradiction between payouts and the provider's own truth is found."""

    def setUp(self):
        self.truth = SqliteTruth("sqlite:none")
        self.truth.connection = sqlite3.connect(":memory:")
        self.truth.connection.executescript(TABLES)

    def tearDown(self):
        self.truth.close()

    def _is_found(self, payout, transfer):
        self.truth.connection.executescript("DELETE FROM payouts; DELETE FROM sandbox_transfers")
        if payout:
            self.truth.connection.execute("INSERT INTO payouts VALUES (x'01', ?, ?, ?, ?, ?)", payout)
        if transfer:
            self.truth.connection.execute("INSERT INTO sandbox_transfers VALUES (x'01', 'payee', ?, ?, ?, ?, ?)", transfer)
        try:
            self.truth.must_hold()
        except Disagreement:
            return True
        return False

    def test_what_may_be(self):
        """At whatever instant a process is killed, it leaves one of these."""
        paid = ("PAID", None, 1, 1_000, "USD")
        for payout, transfer in (
                (("SCHEDULED", None, 0, None, None), None), (("PROCESSING", None, 0, 1_000, "USD"), None),
                (("PROCESSING", None, 1, 1_000, "USD"), None),
                (("PROCESSING", None, 1, 1_000, "USD"), (1_000, "USD", 1, 0, None)),
                (("PROCESSING", None, 1, 1_000, "USD"), (1_000, "USD", 1, 1, "REFUSED")), (paid, (1_000, "USD", 2, 1, None)),
                (("FAILED", "REFUSED", 1, 1_000, "USD"), (1_000, "USD", 1, 1, "REFUSED")),
                (("FAILED", "CANCELLED", 0, None, None), None)):
            self.assertFalse(self._is_found(payout, transfer), (payout, transfer))

    def test_what_must_not_be(self):
        """Each of these is a breach."""
        paid = ("PAID", None, 1, 1_000, "USD")
        for payout, transfer in (
                (None, (1_000, "USD", 1, 1, None)), (paid, None), (paid, (1_000, "USD", 1, 0, None)),
                (paid, (1_000, "USD", 1, 1, "REFUSED")), (paid, (1_001, "USD", 1, 1, None)),
                (paid, (1_000, "EUR", 1, 1, None)), (paid, (1_000, "USD", 3, 1, None)),
                (("SCHEDULED", None, 0, None, None), (1_000, "USD", 1, 1, None)),
                (("PROCESSING", None, 0, 1_000, "USD"), (1_000, "USD", 1, 1, None)),
                (("FAILED", "CANCELLED", 1, 1_000, "USD"), (1_000, "USD", 1, 1, None)),
                (("FAILED", "REFUSED", 1, 1_000, "USD"), (1_000, "USD", 1, 1, "ACCOUNT_CLOSED")),
                (("FAILED", "REFUSED", 1, 1_000, "USD"), None)):
            self.assertTrue(self._is_found(payout, transfer), (payout, transfer))


if __name__ == "__main__":
    unittest.main()
