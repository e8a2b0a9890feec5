"""The model of flags and tickets, by examples that were worked out by hand."""

import paths  # noqa: F401  # pylint: disable=unused-import

import unittest
from datetime import datetime, timedelta, timezone

from suspecting import Evidence, term_of
from things import Affiliate, Browser, Job, Link, Method, Person
from year import Year

SECOND = timedelta(seconds=1)


def at(text):
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


class Reviewed(unittest.TestCase):
    """A year with an affiliate, another one, and a freelancer."""

    def setUp(self):
        self.year = Year(at("2026-01-10T12:00"))
        self.admin = self._person("admin")
        self.ann, self.bea = (self._affiliate(name) for name in ("ann", "bea"))
        self.ada = self._person("ada", is_freelancer=True)
        self.ann.person.method = Method("BACS", "GBP", "Ann Lee", "account", self.year.now)

    def _person(self, name, device=None, **profiles):
        person = Person(name, f"{name}@people.example", self.year.now, **profiles)
        self.year.register(person)
        if device:
            person.seen("DEVICE", device, self.year.now)
        return person

    def _affiliate(self, name):
        affiliate = Affiliate(self._person(name, f"laptop of {name}"), state="APPROVED")
        self.year.affiliates.append(affiliate)
        affiliate.links.append(Link(affiliate, f"link of {name}", f"/r/{name}", "/"))
        return affiliate

    def _bring(self, name, by=None, device=None, after=timedelta(0), query="", network=None):
        browser = Browser()
        self.year.click(browser, (by or self.ann).links[0], query, network)
        self._go_on(after)
        return self.year.attribute(self._person(name, device, is_client=True), browser)

    def _pay(self, one, cents=10_000, card="tok_visa"):
        job = Job(one.client, self.ada, cents, self.year.now)
        self.year.jobs.append(job)
        self.year.pay(job, card)
        job.release(self.year.now)
        return job

    def _go_on(self, some):
        self.year.move_clock(self.year.now + some)

    def _go(self, text):
        self.year.move_clock(at(text))

    def _flags(self, one):
        return [(flag.kind, flag.evidence) for flag in self.year.flags_of(one.client)]


class Flags(Reviewed):
    """What is flagged, since when, and what comes of it (F-8)."""

    def test_how_people_come(self):
        """Five seconds are no hurry, and no time at all says nothing; only ads for the platform's name are flagged."""
        for after, seconds in ((0, []), (1, [1]), (4.9, [4]), (5, [])):
            flags = [("FAST_SIGN_UP", Evidence(seconds=one)) for one in seconds]
            self.assertEqual(self._flags(self._bring(f"hurry{after}", after=after * SECOND)), flags, after)
        for query, term in (("utm_medium=CPC&utm_term=Connects+Login", "connects login"), ("gclid=1", None), ("", None),
                            ("gclid=1&kw=hire%20ann", "hire ann"), ("utm_term=connects", None),
                            ("utm_medium=email&utm_term=connects", None)):
            self.assertEqual(term_of(query), term, query)
        self.assertEqual(self._flags(self._bring("ad", query="msclkid=1&kw=connects")),
                         [("BRAND_BIDDING", Evidence(term="connects"))])

    def test_networks(self):
        """Five by one affiliate are no crowd, nor is a sixth by another, or after thirty days; all six are flagged."""
        early = self._bring("early", network="office")
        self._go("2026-02-09T11:00")
        ones = [self._bring(f"client{number}", network="office") for number in range(4)]
        self._bring("other", self.bea, network="office")
        self.assertEqual(self.year.all_flags(), [])
        self._go("2026-02-09T12:00:01")
        late = self._bring("late", network="office")
        self.assertEqual(self.year.all_flags(), [])
        last = self._bring("last", network="office")
        for one in (*ones, late, last):
            self.assertEqual(self._flags(one), [("MANY_SIGN_UPS", Evidence(sign_ups=6))])
        self.assertEqual(self._flags(early), [])

    def test_rings(self):
        """By a device of the affiliate, of another client of theirs, or of a third person; not of anybody else."""
        alike = self._bring("alike", device="laptop of ann")
        self.assertEqual(self._flags(alike), [("SELF_REFERRAL", Evidence(("DEVICE",)))])
        fellows = [self._bring(name, by, "tablet") for name, by in (("clara", None), ("cleo", self.bea), ("cora", None))]
        self.assertEqual([self._flags(one) for one in fellows], [
            [], [], [("RING", Evidence(("DEVICE",), ("clara@people.example",)))]])
        middle = self._person("middle", "laptop of bea")
        through = self._bring("through", self.bea)
        for person in (middle, through.client):
            person.seen("PAYOUT", "account of both", self.year.now)
        self._pay(through)
        self._go("2026-01-11T12:00")
        flag, = self.year.flags_of(through.client)
        self.assertEqual((flag.kind, flag.evidence, flag.raised_at), (
            "RING", Evidence(("DEVICE", "PAYOUT"), ("middle@people.example",)), at("2026-01-10T12:00")))

    def test_what_many_have(self):
        """What more than twenty people were seen with connects nobody."""
        for number in range(19):
            self._person(f"reader{number}", "library")
        self.assertEqual(self._flags(self._bring("first", device="library")), [])
        self.assertEqual(self._flags(self._bring("second", device="library")), [])
        self.ann.person.seen("DEVICE", "library", self.year.now)
        self._pay(self._bring("third", device="library"))
        self._go("2026-01-11T12:00")
        self.assertEqual(self.year.all_flags(), [])

    def test_locks(self):
        """Nothing locks while a flag is open; then it goes on, or ends as fraud; what is known is not judged once more."""
        cleared, upheld = (self._bring(name, after=3 * SECOND) for name in ("clara", "cleo"))
        for one in (cleared, upheld):
            self._pay(one)
        self._go("2026-03-01T00:30")
        for one, decision in ((cleared, "CLEAR"), (upheld, "UPHOLD")):
            self.year.judge(self.year.flags_of(one.client)[0], decision, self.admin)
        self._go("2026-03-02")
        self.assertEqual((cleared.commission.state, cleared.commission.next_lock_at), ("PENDING", at("2026-04-01")))
        ended = upheld.commission
        self.assertEqual((ended.state, ended.reason, ended.ended_at), ("OUTSIDE_TERMS", "FRAUD", at("2026-03-01T00:30")))
        self._go("2026-04-02")
        self.assertEqual((cleared.commission.state, len(self.year.all_flags())), ("LOCKED", 2))

    def test_payouts(self):
        """What comes to light after the lock holds the payout, and is flagged by the run; what is upheld is never paid."""
        first, second = self._bring("clara"), self._bring("cleo")
        for one, cents in ((first, 10_000), (second, 20_000)):
            self._pay(one, cents)
        self._go("2026-03-05T12:00")
        first.client.seen("DEVICE", "laptop of ann", self.year.now)
        self._go("2026-03-13T12:00")
        self.assertEqual({line.cents: line.hold for line in self.year.plan("COMMISSIONS")},
                         {7_000: "UNDER_REVIEW", 14_000: "PAID_LATER"})
        self._go("2026-03-16T12:00")
        flag, = self.year.all_flags()
        self.assertEqual((flag.kind, flag.raised_at), ("SELF_REFERRAL", at("2026-03-06T02:00")))
        self.assertEqual([payout.cents for payout in self.ann.person.payouts], [14_000])
        self.year.judge(flag, "UPHOLD", self.admin)
        self.assertEqual([line.hold for line in self.year.plan("COMMISSIONS")], ["OUTSIDE_TERMS"])
        self._go("2026-03-17T12:00")
        self.assertEqual((first.commission.reason, second.commission.state), ("FRAUD", "PAID"))

    def test_cards(self):
        """Who pays with the card of somebody older is no new client (F-5), and both are a ring."""
        old = self._bring("clara")
        self._go_on(SECOND)
        new = self._bring("cleo")
        for one in (old, new):
            one.client.seen("PAYMENT", "card", self.year.now)
            self._pay(one)
        self._go("2026-01-11T12:00")
        self.assertEqual((old.commission.state, new.commission.reason), ("PENDING", "NOT_A_NEW_CLIENT"))
        self.assertEqual([flag.kind for flag in self.year.all_flags()], ["RING", "RING"])


class Tickets(Reviewed):
    """What is disputed locks later (F-10)."""

    def _dispute(self, opened, closed):
        """When nothing of a commission has locked that was disputed from an instant to another one: the next lock."""
        self.setUp()
        one = self._bring("clara")
        self._pay(one)
        self._go(opened)
        ticket = self.year.open_ticket(self.ann.person, one.commission, "More?", True)
        self.assertEqual(self.year.why_no_ticket(one.commission, False, True), "TICKET_OPEN")
        self._go(closed)
        ticket.close(self.year.now)
        self._go("2026-03-02")
        return one.commission.next_lock_at

    def test_disputes(self):
        """It counts whether it was disputed when the month was over, and not when the task came."""
        for opened, closed, later in (
                ("2026-02-01", "2026-03-01T00:00:01", True), ("2026-03-01", "2026-03-01T00:10", True),
                ("2026-02-01", "2026-03-01", False), ("2026-03-01T00:00:01", "2026-03-01T01:00", False)):
            self.assertEqual(self._dispute(opened, closed), at("2026-04-01") if later else None, (opened, closed))

    def test_refusals(self):
        """Only a pending commission is disputed, until its month is over; a closed ticket makes room for another one."""
        one = self._bring("clara")
        self._pay(one)
        for moment, why in (("2026-03-01", None), ("2026-03-01T00:00:01", "COMMISSION_LOCKING"), ("2026-03-02", "ILLEGAL_STATE")):
            self._go(moment)
            self.assertEqual(self.year.why_no_ticket(one.commission, True, True), why, moment)
        self.assertEqual(self.year.why_no_ticket(one.commission, True, True), "ILLEGAL_STATE")
        self.assertEqual(self.year.why_no_ticket(object(), True, False), "INVALID_INPUT")
        ticket = self.year.open_ticket(self.ann.person, one.commission, "Why?", False)
        ticket.write(self.admin, "So.", self.year.now)
        self.assertEqual((ticket.state, self.year.is_disputed(one.commission)), ("ANSWERED", False))
        ticket.write(self.ann.person, "Ah.", self.year.now)
        ticket.close(self.year.now)
        self.assertEqual((len(ticket.messages), self.year.why_no_ticket(one.commission, False, True)), (3, None))


if __name__ == "__main__":
    unittest.main()
