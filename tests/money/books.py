"""The model: what each person, post, offer, contract and cent must be. It shares no code with the server."""

from market import (ASK_AGAIN, CASH, CHARGED_BACK, FAILURES, LIVE, LOST, OFFER_LIFE, POST_LIFE, REFUND_FAILS, REFUND_LOST,
                    Contract, Milestone, Offer, Payment, Refund, fee_of, next_tick)


class Books:
    """Everything there is."""

    def __init__(self, now):
        self.now = now
        self.clients, self.freelancers, self.both = [], [], []
        "Buyers, and people who propose; some buyers are hired, too, if a plot needs it."
        self.posts, self.proposals, self.offers, self.contracts, self.projects = [], [], [], [], []
        self.payments, self.refunds = [], []
        self.fees = self.charged_back = 0
        self.asked, self.asked_back, self.banks = [], [], []
        "Milestones whose payment is not known, and when it will be; refunds likewise; milestones that banks look at."

    @property
    def people(self):
        """Everybody, each once."""
        return list(dict.fromkeys([*self.freelancers, *self.clients]))

    @property
    def milestones(self):
        """All parts of all contracts."""
        return [one for contract in self.contracts for one in contract.milestones]

    def move_clock(self, to):
        """Lets time pass: posts and offers end, and payments become known."""
        self.now = to
        for milestone, at in self.asked:
            self._fund(milestone, at)
        self.asked = []
        for refund, at in self.asked_back:
            refund.state, refund.ended_at = "PAID", at
        self.asked_back = []
        due = [one for one in self.banks if next_tick(one.charged_back_at()) <= to]
        for milestone in sorted(due, key=lambda one: one.charged_back_at()):
            self.banks.remove(milestone)
            self._charge_back(milestone)
        for offer in self.offers:
            if offer.state == "NEW" and offer.expires_at <= to:
                self.end_offer(offer, "EXPIRED")
        for post in self.posts:
            if post.state == "OPEN" and post.deadline <= to:
                self.end_post(post, "EXPIRED")

    def race(self, until):
        """A milestone whose money a bank takes back before `until`, some time before anybody here hears of it."""
        soon = [one for one in self.banks if one.left and self.now < one.charged_back_at() < until]
        return next((one for one in soon if next_tick(one.charged_back_at()) > one.charged_back_at()), None)

    def offer(self, proposal, cents, hourly=None):
        """A client offers a contract; the post lives on."""
        offer = Offer(proposal, proposal.post.client, proposal.freelancer, cents, self.now + OFFER_LIFE, hourly=hourly)
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
        if self.hires(post) < post.wanted:
            post.deadline = self.now + POST_LIFE
        else:
            self.end_post(post, "FILLED")
        return contract

    def hires(self, post):
        """How many were hired for a post."""
        return sum(one.offer.post is post for one in self.contracts)

    def made(self, client):
        """How many contracts a client has made; an order counts once it has been paid."""
        return sum(one.offer.client is client and (not one.offer.is_order or bool(one.milestones[0].funded_at))
                   for one in self.contracts)

    def crowd(self, post):
        """How many proposed to a post, talk about it, and were hired for it."""
        theirs = [one for one in self.proposals if one.post is post]
        talking = sum(one.has_room and one.state in ("INTERVIEWING", "OFFERED") for one in theirs)
        return {"hireCount": self.hires(post), "proposalCount": len(theirs), "interviewingCount": talking}

    def spent(self, client):
        """What was released for a client, and not taken back."""
        return sum(one.released - one.reversed for one in self.milestones if one.client is client)

    def end_offer(self, offer, state):
        """An offer is over without a contract; the proposal is back where it was."""
        offer.state = state
        if offer.proposal:
            offer.proposal.state = offer.proposal.without_offer

    def end_post(self, post, state):
        """A post is over, and with it its offers and its live proposals."""
        post.state = state
        for offer in self.offers:
            if offer.post is post and offer.state == "NEW":
                offer.state = "WITHDRAWN"
        for proposal in self.proposals:
            if proposal.post is post and proposal.state in LIVE:
                proposal.state = "ARCHIVED"

    def is_bound(self, person):
        """Whether a contract keeps a person from leaving."""
        return any(person in (one.offer.client, one.offer.freelancer) and not one.is_over for one in self.contracts)

    def close(self, person):
        """A person leaves, and all that others could answer ends; how much of what."""
        person.closed = True
        direct = [one for one in self.offers if one.state == "NEW" and not one.proposal]
        sent = [one for one in direct if one.client is person]
        received = [one for one in direct if one.freelancer is person]
        projects = [one for one in self.projects if one.freelancer is person and one.state == "PUBLISHED"]
        live = [one for one in self.proposals if one.freelancer is person and one.state in LIVE]
        posts = [one for one in self.posts if one.client is person and one.state == "OPEN"]
        unhired = [one for one in posts if not self.hires(one)]
        for offer in [one for one in self.offers if one.state == "NEW" and one.proposal in live]:
            self.end_offer(offer, "DECLINED")
        for things, state in ((sent, "WITHDRAWN"), (received, "DECLINED"), (projects, "WITHDRAWN"), (live, "WITHDRAWN")):
            for thing in things:
                thing.state = state
        for project in projects:
            project.version += 1
        for post in posts:
            self.end_post(post, "CANCELLED" if post in unhired else "CLOSED")
        return {"proposalsWithdrawn": len(live), "connectsForfeited": 0, "jobPostsCancelled": len(unhired),
                "directOffersEnded": len(sent) + len(received), "projectsWithdrawn": len(projects), "planEnded": None}

    def pay(self, milestone, card):
        """A client pays for a milestone by a card, or from the cash that they have; the payment as it is answered."""
        payment = Payment(milestone.client, card, milestone.cents, self.now)
        milestone.payment = payment
        self.payments.append(payment)
        payment.payer.payments.append(payment)
        if card == CASH:
            payment.payer.spend(payment.cents, self.now)
        if card in FAILURES:
            payment.end("FAILED", self.now, FAILURES[card])
        elif card in LOST:
            milestone.state = "FUNDING"
            self.asked.append((milestone, next_tick(self.now + ASK_AGAIN)))
        else:
            self._fund(milestone, self.now)
        return payment

    def learn(self, milestone):
        """The provider is asked at once about a payment that is not known."""
        self.asked = [(one, at) for one, at in self.asked if one is not milestone]
        self._fund(milestone, self.now)

    def learn_back(self, refund):
        """The provider is asked at once about a refund that is not known."""
        self.asked_back = [(one, at) for one, at in self.asked_back if one is not refund]
        refund.state, refund.ended_at = "PAID", self.now

    def _fund(self, milestone, at):
        milestone.payment.end("PAID", at)
        milestone.state, milestone.funded_at = "FUNDED", at
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

    def bounce(self, refund):
        """A refund comes back to the provider long after it was paid; nobody here knows."""
        refund.failure = "DECLINED"

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
        """The card takes a refund, or leaves nobody knowing, or it is cash; what was paid from cash goes back there."""
        taken_at = milestone.charged_back_at()
        refund = Refund(milestone.payment, cents, "PAID", self.now, self.now)
        milestone.payment.refunded += cents
        milestone.refunds.append(refund)
        self.refunds.append(refund)
        if milestone.card == CASH:
            milestone.client.gain("REFUND_PAID", cents, self.now)
        elif milestone.card in REFUND_LOST:
            refund.state, refund.ended_at = "UNKNOWN", None
            self.asked_back.append((refund, next_tick(self.now + ASK_AGAIN)))
        elif milestone.card == REFUND_FAILS or taken_at and self.now >= taken_at:
            refund.state = "FAILED"
            refund.failure = "METHOD_UNUSABLE" if milestone.card == REFUND_FAILS else "DECLINED"
            milestone.client.gain("REFUND_TO_CASH", cents, self.now)

    def _charge_back(self, milestone):
        """The bank takes what the card was not given back, from wherever it is; what the client has had twice, they lose."""
        at = milestone.charged_back_at()
        cents = milestone.cents - sum(one.cents for one in milestone.refunds if not one.failure)
        if not cents:
            return
        self.charged_back += cents
        milestone.payment.charged_back += cents
        was = milestone.state
        taken = min(cents, milestone.left)
        if was == "RELEASED":
            self._reverse(milestone, "CHARGEBACK", taken, at)
        milestone.client.lose("CHARGEBACK_OF_REFUNDED", cents - taken, at)
        if was in ("FUNDED", "RELEASED"):
            milestone.state = "CHARGED_BACK"
            self.settle(milestone)

    def pending(self, freelancer):
        """What is in escrow for a freelancer."""
        return sum(one.cents for one in self.milestones if one.freelancer is freelancer and one.state == "FUNDED")

    def totals(self):
        """Where the platform's money is, in cents; the provider's account is below zero while it holds money."""
        paid = sum(one.cents for one in self.payments if one.state == "PAID" and not one.from_cash)
        back = sum(one.cents for one in self.refunds if one.state == "PAID" and not one.payment.from_cash)
        return {"PERSON": sum(one.cash for one in self.people), "RECEIVABLE": -sum(one.owed for one in self.people),
                "ESCROW": sum(one.cents for one in self.milestones if one.state == "FUNDED"), "FEES": self.fees,
                "REFUNDS_IN_TRANSIT": sum(one.cents for one in self.refunds if one.state == "UNKNOWN"),
                "CLEARING": back + self.charged_back - paid}
