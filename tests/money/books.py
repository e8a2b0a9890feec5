"""The model: what each person, post, offer, contract and cent must be. It shares no code with the server."""

from market import (ASK_AGAIN, CHARGED_BACK, Contract, FAILURES, LIVE, LOST, Milestone, OFFER_LIFE, Offer, POST_LIFE,
                    REFUND_FAILS, REFUND_LOST, Refund, fee_of, money, next_tick)


class Books:
    """Everything there is."""

    def __init__(self, now):
        self.now = now
        self.clients, self.freelancers = [], []
        self.posts, self.proposals, self.offers, self.contracts, self.projects = [], [], [], [], []
        self.fees = self.collected = 0
        self.charged_back = self.given_back = 0
        self.asked, self.asked_back, self.banks = [], [], []
        "Milestones whose payment is not known, and when it will be; refunds likewise; milestones that banks look at."

    def move_clock(self, to):
        """Lets time pass: posts and offers end, and payments become known."""
        self.now = to
        for milestone, at in self.asked:
            self.fund(milestone, at)
        self.asked = []
        for refund in self.asked_back:
            self._give_back(refund)
        self.asked_back = []
        for milestone in list(self.banks):
            if next_tick(milestone.charged_back_at()) <= to:
                self.banks.remove(milestone)
                self._charge_back(milestone)
        for offer in self.offers:
            if offer.state == "NEW" and offer.expires_at <= to:
                self.end_offer(offer, "EXPIRED")
        for post in self.posts:
            if post.state == "OPEN" and post.deadline <= to:
                post.state = "EXPIRED"
                self._archive(post)

    def offer(self, proposal, cents):
        """A client offers a contract; the post lives on."""
        offer = Offer(proposal, proposal.post.client, proposal.freelancer, cents, self.now + OFFER_LIFE)
        proposal.state, proposal.post.deadline = "OFFERED", self.now + POST_LIFE
        self.offers.append(offer)
        return offer

    def accept(self, offer):
        """The freelancer accepts: there is a contract, and the post is filled once it has all that it wants."""
        offer.state = "ACCEPTED"
        contract = Contract(offer)
        contract.milestones = [Milestone(contract, n, cents) for n, cents in enumerate(offer.cents, 1)]
        self.contracts.append(contract)
        if not offer.proposal:
            return contract
        offer.proposal.state, post = "HIRED", offer.post
        if sum(one.offer.post is post for one in self.contracts) < post.wanted:
            post.deadline = self.now + POST_LIFE
            return contract
        post.state = "FILLED"
        for other in self.offers:
            if other.post is post and other.state == "NEW":
                other.state = "WITHDRAWN"
        self._archive(post)
        return contract

    def end_offer(self, offer, state):
        """An offer is over without a contract; the proposal is back where it was."""
        offer.state = state
        if offer.proposal:
            offer.proposal.state = offer.proposal.without_offer

    def pay(self, milestone, card):
        """A client pays for a milestone by a card; the state of the payment, and why it failed."""
        if card in FAILURES:
            return "FAILED", FAILURES[card]
        milestone.card = card
        if card in LOST:
            milestone.state = "FUNDING"
            self.asked.append((milestone, next_tick(self.now + ASK_AGAIN)))
            return "UNKNOWN", None
        self.fund(milestone, self.now)
        return "PAID", None

    def fund(self, milestone, at):
        """The money is in escrow."""
        milestone.state, milestone.funded_at = "FUNDED", at
        self.collected += milestone.cents
        if milestone.card == CHARGED_BACK:
            self.banks.append(milestone)

    def release(self, milestone, cents=None):
        """The money, or that part of it, goes to the freelancer, less the fee."""
        cents = milestone.cents if cents is None else cents
        milestone.state, milestone.released_at = "RELEASED", self.now
        milestone.released, milestone.fee = cents, fee_of(cents)
        self.fees += milestone.fee
        milestone.freelancer.gain("RELEASE", cents - milestone.fee, self.now)
        self.settle(milestone)

    def refund(self, milestone, cents):
        """The freelancer gives so much back; whether they have it."""
        if milestone.state == "RELEASED":
            fee = milestone.fee_in(cents)
            if milestone.freelancer.cash < cents - fee:
                return False
            self._reverse(milestone, "REFUND", cents, self.now)
        else:
            milestone.state = "REFUNDED"
        self._begin_refund(milestone, cents)
        if milestone.state == "REFUNDED":
            self.settle(milestone)
        return True

    def decide(self, dispute, cents):
        """An admin gives so much back to the client."""
        milestone = dispute.milestone
        dispute.state = "DECIDED"
        if milestone.state == "RELEASED":
            self._reverse(milestone, "REFUND", cents, self.now)
        elif cents == milestone.cents:
            milestone.state = "REFUNDED"
        else:
            self.release(milestone, milestone.cents - cents)
        if cents:
            self._begin_refund(milestone, cents)

    def settle(self, milestone):
        """The dispute is over, because the money went somewhere."""
        dispute = milestone.dispute()
        if dispute:
            dispute.state = "SETTLED"

    def _reverse(self, milestone, kind, cents, at):
        """So much of what was released is taken from the freelancer and from the fees."""
        fee = milestone.fee_in(cents)
        milestone.reversed += cents
        milestone.fee_reversed += fee
        self.fees -= fee
        milestone.freelancer.lose(kind, cents - fee, at)
        if milestone.reversed == milestone.released:
            milestone.state = "REFUNDED"

    def _begin_refund(self, milestone, cents):
        """The card takes a refund, or leaves nobody knowing, or it is cash."""
        taken_at = milestone.charged_back_at()
        if milestone.card in REFUND_LOST:
            refund = Refund(cents, "UNKNOWN")
            self.asked_back.append(refund)
        elif milestone.card == REFUND_FAILS or taken_at and self.now >= taken_at:
            refund = Refund(cents, "FAILED")
            milestone.client.gain("REFUND_TO_CASH", cents, self.now)
        else:
            refund = Refund(cents, "PAID")
            self.given_back += cents
        milestone.refunds.append(refund)

    def _give_back(self, refund):
        refund.state = "PAID"
        self.given_back += refund.cents

    def _charge_back(self, milestone):
        """The bank takes what the card was not given back, from wherever it is."""
        at = milestone.charged_back_at()
        cents = milestone.cents - sum(one.cents for one in milestone.refunds if one.state == "PAID")
        if not cents:
            return
        self.charged_back += cents
        was = milestone.state
        taken = min(cents, milestone.left)
        if was == "RELEASED":
            self._reverse(milestone, "CHARGEBACK", taken, at)
        milestone.client.lose("CHARGEBACK", cents - taken, at)
        if was in ("FUNDED", "RELEASED"):
            milestone.state = "CHARGED_BACK"
            self.settle(milestone)

    def pending(self, freelancer):
        """What is in escrow for a freelancer."""
        theirs = (one for contract in self.contracts for one in contract.milestones
                  if contract.offer.freelancer is freelancer and one.state == "FUNDED")
        return sum(one.cents for one in theirs)

    def escrow(self):
        """What is in escrow in all."""
        return sum(self.pending(freelancer) for freelancer in self.freelancers)

    def _archive(self, post):
        for proposal in self.proposals:
            if proposal.post is post and proposal.state in LIVE:
                proposal.state = "ARCHIVED"
