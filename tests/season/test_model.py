"""Checks of the season's model and plan that need no server: `python3 -m unittest` in this folder."""

import random
import unittest
from datetime import datetime, timedelta, timezone

import contents
import crowd as people
from contents import Content, price_of, value_of, words_of
from purse import Purse
from tally import Tally
from world import Refused, World, matches

NOON = datetime(2026, 1, 24, 12, tzinfo=timezone.utc)


def fixed(cents, title="A shop", **more):
    """A fixed-price content."""
    return Content(title, "Words.", "DESIGN", None, (), "FIXED", budget=cents, **more)


def hourly(low, high, hours=None, weeks=None):
    """An hourly content."""
    return Content("Web", "Words.", "DESIGN", None, (), "HOURLY", hourly_min=low, hourly_max=high,
                   weekly_hours=hours, duration_weeks=weeks)


class Prices(unittest.TestCase):
    """J-3."""

    def test_values(self):
        self.assertEqual(value_of(hourly(2_500, 3_500)), 240_000)
        self.assertEqual(value_of(hourly(1_001, 1_002, 1, 1)), 1_002, "half a cent rounds up")
        self.assertEqual(value_of(hourly(None, 900, 10, 3)), 27_000, "one rate is the midpoint")
        self.assertIsNone(value_of(hourly(None, None)))

    def test_tiers_and_demand(self):
        self.assertEqual([price_of(fixed(c), 0) for c in (5_000, 5_001, 60_000, 60_001, 300_000, 300_001)],
                         [2, 4, 4, 6, 6, 8])
        self.assertEqual(price_of(fixed(None), 0), 4)
        self.assertEqual([price_of(fixed(1), n) for n in (19, 20, 49, 50)], [2, 3, 3, 4])
        self.assertEqual([price_of(fixed(10**9), n) for n in (20, 50)], [12, 16])

    def test_words(self):
        self.assertEqual(words_of("\"Quick\" data-entry, C++ in_Übersetzung 🚀"),
                         {"quick", "data", "entry", "c", "in", "übersetzung"})


class Purses(unittest.TestCase):
    """M-2 to M-4."""

    def test_a_grant_comes_with_the_task_of_its_hour(self):
        purse = Purse(NOON)
        self.assertEqual(purse.cycle(), {"startsOn": "2026-01-24", "endsOn": "2026-02-23"})
        self.assertEqual(purse.advance(datetime(2026, 2, 24, 0, 4, tzinfo=timezone.utc)), 0)
        self.assertEqual(purse.advance(datetime(2026, 2, 24, 0, 5, tzinfo=timezone.utc)), 1)
        self.assertEqual((purse.available, purse.rows["MONTHLY_FREE"]), (60, 2))

    def test_who_registers_on_the_30th_waits_for_the_1st_of_march(self):
        purse = Purse(NOON + timedelta(days=6))
        self.assertEqual(purse.advance(datetime(2026, 2, 28, 23, tzinfo=timezone.utc)), 0)
        self.assertEqual(purse.advance(datetime(2026, 4, 1, 1, tzinfo=timezone.utc)), 2)


class Season(unittest.TestCase):
    """Posts, proposals and reports."""

    def setUp(self):
        """An admin, a client with an expensive post, and three freelancers."""
        self.world = World(NOON)
        self.admin = self.world.register("admin", admin=True)
        self.client = self.world.register("client", client=True)
        self.anna, self.ben, self.cleo = (self.world.register(name, freelancer=True) for name in "abc")
        self.post = self.world.create(self.client, fixed(10**6), True)

    def send(self, person, price=8, post=None):
        """A proposal."""
        return self.world.submit(person, post or self.post, price, "Dear client", None)

    def later(self, **time):
        """Lets time pass."""
        return self.world.advance(self.world.now + timedelta(**time))

    def code(self, done):
        """Checks that an act was refused."""
        self.assertIsInstance(done, Refused)
        return done.code

    def test_a_deadline_binds_before_its_task_runs(self):
        proposal = self.send(self.anna)
        self.later(days=25)
        self.assertEqual(self.client.notices["JOB_POST_EXPIRING"], 0, "12:00, and the task runs at 12:20")
        self.assertEqual(self.later(days=4, hours=23)[1:], (1, 0))
        self.assertEqual(self.later(hours=1)[1:], (0, 0))
        self.assertEqual((self.post.state, self.post.state_at(self.world.now)), ("OPEN", "EXPIRED"))
        self.assertEqual(self.code(self.send(self.ben)), "JOB_POST_NOT_OPEN")
        self.assertEqual(self.world.withdraw(self.anna, proposal, "").facts["proposalState"], "ARCHIVED")
        self.assertEqual(self.code(self.world.edit(self.client, self.post, self.post.content, 1)), "ILLEGAL_STATE")
        self.assertEqual(self.later(minutes=20)[1:], (0, 1))
        self.assertEqual(self.post.closed_at, NOON + timedelta(days=30))
        self.assertEqual(proposal.ended_at, self.post.closed_at)
        self.assertEqual((self.anna.notices["PROPOSAL_ARCHIVED"], self.anna.purse.available), (1, 42))

    def test_an_edit_lives_on_and_is_warned_of_anew(self):
        self.later(days=26)
        self.world.edit(self.client, self.post, self.post.content, 1)
        self.later(days=30, minutes=-1)
        self.assertEqual(self.client.notices["JOB_POST_EXPIRING"], 2)
        self.assertEqual(self.post.state_at(self.world.now), "OPEN")
        self.assertEqual(self.code(self.world.edit(self.client, self.post, self.post.content, 1)), "CONFLICT")

    def test_a_cancellation_gives_back_to_all_but_the_withdrawn(self):
        live, declined, withdrawn = map(self.send, (self.anna, self.ben, self.cleo))
        self.world.decline(self.client, declined, "No.")
        self.world.withdraw(self.cleo, withdrawn, "")
        self.assertEqual(self.world.refunds(declined)["cases"][0], ("CLIENT_CANCELS", 8, "T-1"))
        self.assertEqual(self.world.refunds(withdrawn)["cases"][0], ("CLIENT_CANCELS", 0, "T-2"))
        self.world.cancel(self.client, self.post, "")
        self.assertEqual([one.purse.available for one in (self.anna, self.ben, self.cleo)], [50, 50, 42])
        self.assertEqual([one.state for one in (live, declined, withdrawn)], ["ARCHIVED", "DECLINED", "WITHDRAWN"])
        self.assertEqual(self.anna.notices, {"CONNECTS_RETURNED": 1}, "and no PROPOSAL_ARCHIVED")
        self.assertEqual(self.cleo.notices, {})

    def test_a_removal_of_an_expired_post_gives_back(self):
        self.send(self.anna)
        self.later(days=30, hours=1)
        self.world.report(self.ben, self.post)
        self.assertEqual(self.code(self.world.remove(self.client, self.post, "x")), "NOT_ALLOWED")
        self.world.remove(self.admin, self.post, "Spam.")
        self.assertEqual((self.anna.purse.available, self.anna.purse.rows["RETURNED_REMOVED"]), (50, 1))
        self.assertEqual(self.ben.notices["REPORT_DECIDED"], 1)
        self.assertEqual(self.code(self.world.report(self.cleo, self.post)), "NOT_FOUND")
        self.assertEqual(self.code(self.world.answer(self.admin, self.post, "x")), "NOTHING_TO_DECIDE")
        self.world.appeal(self.client, self.post, "But!")
        self.assertEqual(self.code(self.world.appeal(self.client, self.post, "But!")), "ALREADY_APPEALED")
        self.world.answer(self.admin, self.post, "No.")
        self.assertEqual(self.client.notices["APPEAL_ANSWERED"], 1)

    def test_a_removal_before_the_task_is_a_removal_after_the_deadline(self):
        proposal = self.send(self.anna)
        self.later(days=30)
        self.world.remove(self.admin, self.post, "Spam.")
        self.assertEqual(proposal.ended_at, NOON + timedelta(days=30))
        self.assertEqual(self.anna.notices, {"PROPOSAL_ARCHIVED": 1, "CONNECTS_RETURNED": 1})
        self.assertEqual((self.client.notices["JOB_POST_EXPIRED"], self.client.notices["JOB_POST_REMOVED"]), (1, 1))

    def test_proposals_are_refused_with_the_numbers(self):
        self.assertEqual(self.send(self.anna, 7).facts, {"expected": 7, "actual": 8})
        self.anna.purse.charge(45)
        self.assertEqual(self.send(self.anna).facts, {"required": 8, "available": 5})
        self.assertEqual(self.code(self.send(self.client)), "NOT_A_FREELANCER")
        self.send(self.ben)
        self.world.withdraw(self.ben, self.post.proposals[0], "")
        self.assertEqual(self.code(self.send(self.ben)), "ALREADY_PROPOSED")
        self.assertEqual(len(self.post.proposals), 1, "a refused one is no demand, a withdrawn one is")

    def test_a_letter_stands_after_six_hours_or_once_opened(self):
        one, other = self.send(self.anna), self.send(self.ben)
        self.world.view(self.client, other)
        self.assertEqual(self.code(self.world.edit_proposal(self.ben, other, "New", None)), "EDIT_WINDOW_CLOSED")
        self.assertIs(self.world.edit_proposal(self.ben, other, None, 5), other)
        self.later(hours=6, microseconds=-1)
        self.assertIs(self.world.edit_proposal(self.anna, one, "New", None), one)
        self.later(microseconds=1)
        self.assertEqual(self.code(self.world.edit_proposal(self.anna, one, "Newer", None)), "EDIT_WINDOW_CLOSED")

    def test_reports_are_one_per_person_ever(self):
        self.world.report(self.anna, self.post)
        self.world.report(self.ben, self.post)
        self.assertEqual(self.code(self.world.report(self.anna, self.post)), "ALREADY_REPORTED")
        self.assertEqual(self.world.dismiss(self.admin, self.post), 2)
        self.assertEqual(self.code(self.world.report(self.anna, self.post)), "ALREADY_REPORTED")
        self.assertEqual(self.code(self.world.dismiss(self.admin, self.post)), "NOTHING_TO_DECIDE")

    def test_the_search(self):
        private = self.world.create(self.client, fixed(5_000, "A secret shop", visibility="INVITE_ONLY"), True)
        self.assertEqual(self.world.found(self.anna, {"text": "SHOP, a"}), [self.post])
        self.assertEqual(self.world.found(self.client, {"text": "SHOP, a"}), [self.post, private])
        self.assertEqual(self.world.found(self.anna, {"text": "sho"}), [], "whole words")
        self.assertTrue(matches(private, {"maxBudget": {"amount": "50.00"}, "maxConnects": 2, "minClientPosts": 2}, 2))
        self.assertFalse(matches(private, {"minBudget": {"amount": "50.01"}}, 2))
        self.assertFalse(matches(private, {"minHourly": {"amount": "1.00"}}, 2))


class Plans(unittest.TestCase):
    """Everything follows from the seed."""

    def test_a_file_is_spread_over_all_clients_once(self):
        crowd, rows = people.crowd(50, 250), list(range(3_513))
        spread = [(address, row) for day in range(90) for address, part in people.parts(rows, crowd.clients, day)
                  for row in part]
        self.assertEqual(sorted(row for _, row in spread), rows)
        self.assertEqual(len({address for address, _ in spread}), 50)

    def test_all_register_within_ten_days(self):
        crowd = people.crowd(50, 250)
        counts = [len(crowd.on(day)) for day in range(12)]
        self.assertEqual(counts, [75] + [25] * 9 + [0, 0])
        self.assertEqual(sum(freelancer for _, _, freelancer in crowd.clients), 10)

    def test_made_up_contents_follow_from_the_dice(self):
        one, two = ([contents.make_up(random.Random("7"), n) for n in range(300)] for _ in range(2))
        self.assertEqual(one, two)
        dice = random.Random("8")
        made = [contents.make_up(dice, n) for n in range(300)]
        self.assertEqual(len({content.title for content in made}), 300)
        self.assertEqual({price_of(content, 0) for content in made}, {2, 4, 6, 8})

    def test_the_table_is_in_the_order_of_the_rules(self):
        tally = Tally()
        for rule in ("T-1", "J-10", "J-4", ""):
            tally.add(rule, "x")
        tally.add("A-1", "nothing", 0)
        self.assertEqual([rule for rule, _, _ in tally.rows()], ["J-4", "J-10", "T-1", ""])


if __name__ == "__main__":
    unittest.main()
