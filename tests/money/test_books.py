"""The model's own arithmetic, by examples that were worked out by hand."""

import paths  # noqa: F401  # pylint: disable=unused-import

import unittest
from datetime import datetime, timedelta, timezone

from answers import lack, means_of
from books import Books
from market import CASH, VISA, Dispute, Payment, Person, Post, Proposal, fee_of, money, next_tick

NOW = datetime(2026, 1, 1, 10, 3, tzinfo=timezone.utc)


class TheModel(unittest.TestCase):
    """Worked examples."""

    def setUp(self):
        self.books = Books(NOW)
        self.ada, clara = Person("ada"), Person("clara")
        self.post = Post(clara, None, NOW + timedelta(days=30))
        self.proposal = Proposal(self.post, self.ada)
        self.books.freelancers.append(self.ada)
        self.books.clients.append(clara)
        self.books.posts.append(self.post)
        self.books.proposals.append(self.proposal)

    def test_amounts(self):
        """Half a cent goes up; amounts have two decimals; ticks are every five minutes."""
        self.assertEqual([fee_of(cents) for cents in (10_000, 5, 4, 15)], [1_000, 1, 0, 2])
        self.assertEqual([money(cents) for cents in (0, 5, 12_345, -7)], ["0.00", "0.05", "123.45", "-0.07"])
        self.assertEqual(next_tick(NOW), NOW + timedelta(minutes=2))
        self.assertEqual(next_tick(NOW + timedelta(minutes=2)), NOW + timedelta(minutes=2))

    def test_a_hire(self):
        """From an offer to released pay."""
        contract = self.books.accept(self.books.offer(self.proposal, [10_000, 3_333]))
        first, second = contract.milestones
        self.assertEqual((self.post.state, self.proposal.state), ("FILLED", "HIRED"))
        declined = self.books.pay(first, "tok_declined")
        self.assertEqual((declined.state, declined.failure), ("FAILED", "DECLINED"))
        self.assertEqual(self.books.pay(first, "tok_visa").state, "PAID")
        self.assertEqual(self.books.pay(second, "tok_lost_after").state, "UNKNOWN")
        self.assertEqual(self.post.client.failures(NOW), 2)
        self.assertEqual(self.books.pending(self.ada), 10_000)
        self.books.move_clock(NOW + timedelta(hours=1))
        self.assertEqual((second.state, second.funded_at), ("FUNDED", NOW + timedelta(minutes=2)))
        self.books.release(first)
        self.assertEqual((self.ada.cash, self.books.fees, self.books.pending(self.ada)), (9_000, 1_000, 3_333))

    def test_what_goes_back(self):
        """Parts of a release with the fee in them, a card that takes nothing, and a bank that takes the rest."""
        contract = self.books.accept(self.books.offer(self.proposal, [10_000, 10_000, 10_000]))
        first, second, third = contract.milestones
        self.books.pay(first, "tok_refund_fails")
        self.books.release(first)
        self.assertTrue(self.books.refund(first, 3_333))
        self.assertEqual((self.ada.cash, self.books.fees, self.post.client.cash), (6_000, 667, 3_333))
        self.assertFalse(self.books.refund(first, 6_667) and self.ada.cash)
        self.assertEqual((first.state, self.ada.cash, self.books.fees), ("REFUNDED", 0, 0))
        self.books.pay(second, "tok_charged_back")
        dispute = Dispute(second, self.ada)
        second.disputes.append(dispute)
        self.books.decide(dispute, 4_000)
        self.assertEqual((second.state, self.ada.cash, self.books.fees), ("RELEASED", 5_400, 600))
        self.books.pay(third, "tok_charged_back")
        self.ada.lose("PAYOUT", 400, NOW)
        self.books.move_clock(NOW + timedelta(days=10, minutes=1))
        self.assertEqual([second.state, third.state], ["RELEASED", "FUNDED"])
        self.books.move_clock(NOW + timedelta(days=10, minutes=2))
        self.assertEqual([second.state, third.state], ["CHARGED_BACK", "CHARGED_BACK"])
        self.assertEqual((self.ada.cash, self.ada.owed, self.books.charged_back), (0, 400, 16_000))
        self.ada.gain("RELEASE", 500, NOW)
        self.assertEqual((self.ada.cash, self.ada.owed), (100, 0))

    def test_cash(self):
        """What a card did not take back pays for more, and goes back into cash in parts; it settles what is owed."""
        clara = self.post.client
        contract = self.books.accept(self.books.offer(self.proposal, [10_000, 6_000, 3_000, 1_000]))
        first, second, third, fourth = contract.milestones
        self.books.pay(first, "tok_refund_fails")
        self.assertTrue(self.books.refund(first, 10_000))
        for milestone in (second, third, fourth):
            self.assertEqual((self.books.pay(milestone, CASH).state, milestone.state), ("PAID", "FUNDED"))
        self.assertEqual((clara.cash, clara.history[-1]), (0, ("FUNDING", "-10.00", "0.00", NOW)))
        self.assertEqual((clara.failures(NOW), self.books.pending(self.ada)), (0, 10_000))
        self.books.release(second)
        self.assertTrue(self.books.refund(second, 1_500))
        self.assertEqual((self.ada.cash, self.books.fees, clara.cash, clara.history[-1][0]), (4_050, 450, 1_500, "REFUND_PAID"))
        self.assertTrue(self.books.refund(third, 3_000))
        self.assertEqual(([one.state for one in self.books.refunds], clara.cash), (["FAILED", "PAID", "PAID"], 4_500))
        clara.lose("CHARGEBACK_OF_REFUNDED", 4_900, NOW)
        dispute = Dispute(fourth, clara)
        fourth.disputes.append(dispute)
        self.books.decide(dispute, 700)
        self.assertEqual((clara.cash, clara.owed, self.ada.cash, self.books.fees), (300, 0, 4_320, 480))
        self.assertEqual([kind for kind, *_ in clara.history[-2:]], ["REFUND_PAID", "RECEIVABLE_SETTLED"])
        self.assertEqual((self.books.totals()["CLEARING"], self.books.totals()["ESCROW"]), (-10_000, 0))

    def test_what_nobody_answers(self):
        """An offer expires after seven days, its post thirty days after it."""
        offer = self.books.offer(self.proposal, [500])
        self.books.move_clock(NOW + timedelta(days=7))
        self.assertEqual((offer.state, self.proposal.state, self.post.state), ("EXPIRED", "SUBMITTED", "OPEN"))
        self.books.move_clock(NOW + timedelta(days=30))
        self.assertEqual((self.proposal.state, self.post.state), ("ARCHIVED", "EXPIRED"))

    def test_a_debt(self):
        """A refund that comes back, unnoticed, before the bank takes all; then income that settles it."""
        owner, clara = self.post.client, Person("carl")
        first = self.books.accept(self.books.offer(self.proposal, [10_000])).milestones[0]
        self.books.pay(first, "tok_charged_back")
        self.assertTrue(self.books.refund(first, 10_000))
        self.assertEqual((first.state, owner.cash, self.books.totals()["CLEARING"]), ("REFUNDED", 0, 0))
        self.books.bounce(first.refunds[0])
        self.books.move_clock(NOW + timedelta(days=10, minutes=2))
        self.assertEqual((owner.owed, owner.debts, first.state), (10_000, {"CHARGEBACK_OF_REFUNDED": 1}, "REFUNDED"))
        second = self.books.accept(self.books.offer(Proposal(Post(clara, None, self.books.now), owner), [5_000])).milestones[0]
        self.books.pay(second, "tok_charged_back")
        self.books.release(second)
        self.assertEqual((owner.cash, owner.owed, owner.settled, owner.cleared), (0, 5_500, 1, 0))
        self.books.move_clock(self.books.now + timedelta(days=11))
        self.assertEqual((owner.owed, second.state, self.books.fees), (10_000, "CHARGED_BACK", 0))
        self.assertEqual(owner.debts["CHARGEBACK"], 1)
        owner.gain("RELEASE", 10_001, self.books.now)
        self.assertEqual((owner.cash, owner.owed, owner.cleared), (1, 0, 1))
        self.assertEqual(self.books.totals()["CLEARING"], 10_000)

    def test_a_race(self):
        """A client who is given back what a bank has taken already gets cash, and loses it when that becomes known."""
        first = self.books.accept(self.books.offer(self.proposal, [10_000])).milestones[0]
        self.books.pay(first, "tok_charged_back")
        self.assertIs(self.books.race(NOW + timedelta(days=11)), first)
        self.assertIsNone(self.books.race(NOW + timedelta(days=10)))
        self.books.move_clock(NOW + timedelta(days=10))
        self.books.refund(first, 10_000)
        self.assertEqual((first.refunds[0].failure, self.post.client.cash), ("DECLINED", 10_000))
        self.books.move_clock(NOW + timedelta(days=10, minutes=2))
        self.assertEqual((self.post.client.cash, self.post.client.owed, self.books.charged_back), (0, 0, 10_000))

    def test_answers(self):
        """No method pays from cash, and a refusal says what is missing."""
        clara = Person("clara", cards={VISA: "visa"})
        self.assertEqual([means_of(Payment(clara, card, 500, NOW)) for card in (VISA, CASH)], [
            {"provider": "SANDBOX", "method": {"id": "visa"}}, {"provider": "CASH_ACCOUNT", "method": None}])
        self.assertEqual(lack("fromCash", 500, 499), {
            "field": ["input", "fromCash"], "required": {"amount": "5.00"}, "available": {"amount": "4.99"}})

    def test_an_end(self):
        """Nobody leaves while a contract binds them; then all that could be answered ends."""
        clara = self.post.client
        self.post.wanted = 2
        contract = self.books.accept(self.books.offer(self.proposal, [500]))
        self.assertTrue(self.books.is_bound(self.ada) and self.books.is_bound(clara))
        contract.state = "ENDED"
        self.assertFalse(self.books.is_bound(self.ada))
        self.books.posts.append(Post(clara, None, NOW + timedelta(days=30)))
        eve = Proposal(self.books.posts[1], Person("eve"))
        self.books.proposals.append(eve)
        offer = self.books.offer(eve, [500])
        done = self.books.close(clara)
        self.assertEqual((done["jobPostsCancelled"], [one.state for one in self.books.posts]), (1, ["CLOSED", "CANCELLED"]))
        self.assertEqual((offer.state, eve.state, clara.barred), ("WITHDRAWN", "ARCHIVED", "ACCOUNT_CLOSED"))


if __name__ == "__main__":
    unittest.main()
