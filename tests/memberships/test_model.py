"""The published examples of the rulebook, by the model."""

import paths  # noqa: F401  # pylint: disable=unused-import

import unittest
from datetime import date, datetime, timedelta, timezone

from campaign import Campaign, Referral, due_on, kept
from cycles import anchor_of, next_start, prorated, tick, year_after
from member import Member
from prices import Cost, Terms, cost, dollars, price_of
from promos import Promo
from purse import Purse

START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def member():
    """Somebody who registered at the start, and has a good card."""
    one = Member("ada", [Terms(START)], START)
    one.card = "tok_visa"
    return one


class Cycles(unittest.TestCase):
    """M-2, M-3, M-6, L-2."""

    def test_a_start_late_in_a_month_moves_to_the_first_of_the_month_after_next(self):
        self.assertEqual(next_start(date(2026, 1, 30), anchor_of(date(2026, 1, 30))), date(2026, 3, 1))
        self.assertEqual(next_start(date(2026, 12, 31), 1), date(2027, 2, 1))
        self.assertEqual(next_start(date(2026, 6, 21), 21), date(2026, 7, 21))

    def test_21_of_30_days_are_seven_of_ten(self):
        self.assertEqual(prorated(10, date(2026, 6, 1), date(2026, 7, 1), date(2026, 6, 22)), 7)

    def test_a_lot_lives_a_calendar_year(self):
        self.assertEqual(year_after(datetime(2028, 2, 29, 5)), datetime(2029, 3, 1, 5))

    def test_ticks_are_full_five_minutes(self):
        self.assertEqual(tick(START), START)
        self.assertEqual(tick(START + timedelta(seconds=1)), START + timedelta(minutes=5))


class Prices(unittest.TestCase):
    """B-1, B-2, B-5, B-6."""

    def test_the_published_taxes(self):
        self.assertEqual(cost(price_of(10, Terms(START)), 63_500).total, 160)
        self.assertEqual(cost(1_499, 57_500).total, 1_585)

    def test_a_discount_rounds_half_up_and_is_never_more_than_the_price(self):
        third = Promo("THIRD", "PERCENT_OFF", 3_330)
        self.assertEqual(cost(1_500, 63_500, third.off), Cost(1_500, 500, 1_000, 64))
        self.assertEqual(cost(150, 0, Promo("FIVE", "AMOUNT_OFF", 500).off).total, 0)

    def test_amounts_as_the_api_writes_them(self):
        self.assertEqual([dollars(5), dollars(1_499)], ["0.05", "14.99"])


class Purses(unittest.TestCase):
    """L-3."""

    def test_the_oldest_goes_first(self):
        purse = Purse()
        purse.add("PURCHASE", 10, START + timedelta(days=1))
        purse.add("MEMBERSHIP", 60, START)
        purse.spend(65, START + timedelta(days=2))
        self.assertEqual([lot.remaining for lot in purse.lots], [5, 0])
        self.assertEqual(purse.available(START + timedelta(days=400)), 0)


class Plans(unittest.TestCase):
    """M-6, M-7, M-10, M-13, B-4."""

    def test_a_gift_at_registration_is_40_and_10_and_60(self):
        one = member()
        one.give(1, START)
        self.assertEqual((one.purse.available(START), one.plan), (110, "GIFT"))
        one.go_on(START + timedelta(days=40))
        self.assertEqual(one.plan, None)

    def test_a_renewal_brings_ten_and_sixty_and_a_declined_one_ten(self):
        one = member()
        one.upgrade(START)
        one.go_on(START + timedelta(days=40))
        self.assertEqual(one.purse.available(START + timedelta(days=40)), 180)
        one.card = "tok_declined"
        one.go_on(START + timedelta(days=70))
        self.assertEqual((one.purse.available(START + timedelta(days=70)), one.plan), (190, None))

    def test_a_charge_back_takes_what_is_left_and_ends_the_plan(self):
        one = member()
        one.card = "tok_charged_back"
        one.upgrade(START)
        one.purse.spend(60, START)
        one.go_on(START + timedelta(days=11))
        self.assertEqual((one.purse.available(START + timedelta(days=11)), one.plan, one.is_frozen), (0, None, True))


class Campaigns(unittest.TestCase):
    """C-3 to C-5."""

    def setUp(self):
        self.campaign = Campaign(START, date(2026, 3, 31), 50_000, 10_000, 10_000)
        self.first, self.second = self._friend(0), self._friend(1)

    def _friend(self, number):
        friend = member()
        friend.number = number
        self.campaign.referrals.append(Referral(friend, member()))
        return self.campaign.referrals[-1]

    def test_a_reward_is_due_on_the_first_business_day_of_the_next_month(self):
        self.assertEqual(due_on(date(2026, 1, 20)), date(2026, 2, 2))
        self.assertEqual(due_on(date(2026, 12, 31)), date(2027, 1, 4))

    def test_the_budget_goes_to_the_first_and_what_is_freed_to_those_who_wait(self):
        self.first.earned = [(START + timedelta(hours=2), 50_000)]
        self.second.earned = [(START + timedelta(hours=1), 50_000)]
        self.assertEqual(self.campaign.look(date(2026, 1, 2)), 0)
        self.assertEqual((self.first.state, self.second.state), ("WAITING", "QUALIFIED"))
        self.second.earned.append((START + timedelta(days=2), -1))
        self.campaign.look(date(2026, 1, 4))
        self.assertEqual((self.first.state, self.second.state), ("QUALIFIED", "OPEN"))
        self.assertEqual(self.campaign.look(date(2026, 2, 2)), 1)
        self.assertEqual((self.first.state, self.first.referrer.cash), ("PAID", 10_000))
        self.campaign.look(date(2026, 4, 1))
        self.assertEqual((self.second.state, self.campaign.reserved), ("ENDED", 10_000))

    def test_a_release_at_the_end_of_the_deadlines_day_is_too_late(self):
        self.first.earned = [(self.campaign.closes, 50_000)]
        self.campaign.look(date(2026, 4, 1))
        self.assertEqual(self.first.state, "ENDED")

    def test_the_fee_is_a_tenth(self):
        self.assertEqual([kept(cents) for cents in (100, 105, 104)], [90, 94, 94])


if __name__ == "__main__":
    unittest.main()
