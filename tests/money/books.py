"""The model: what each person, post, offer, contract and cent must be. It shares no code with the server."""

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

OFFER_LIFE = timedelta(days=7)
POST_LIFE = timedelta(days=30)
ASK_AGAIN = timedelta(minutes=2)
CHARGED_BACK_AFTER = timedelta(days=10)
DISPUTE_LIFE = timedelta(days=30)
REFUNDS_AT_MOST, DISPUTES_AT_MOST = 20, 3
LEAST_REFUND = 100
FEE_PERCENT = 10
FAILURES = {
    "tok_declined": "DECLINED",
    "tok_insufficient_funds": "INSUFFICIENT_FUNDS",
    "tok_authentication_required": "AUTHENTICATION_REQUIRED",
}
LOST = ("tok_lost_before", "tok_lost_after")
REFUND_LOST = ("tok_refund_lost_before", "tok_refund_lost_after")
REFUND_FAILS = "tok_refund_fails"
CHARGED_BACK = "tok_charged_back"


def half_up(exact):
    """A whole number of cents, half a cent rounded up."""
    return int(exact + Fraction(1, 2))


def fee_of(cents):
    """A tenth, half a cent rounded up."""
    return half_up(Fraction(cents * FEE_PERCENT, 100))


def money(cents):
    """An amount as the API writes it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def next_tick(at):
    """The first minute divisible by five at or after `at`."""
    past = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=5)


@dataclass
class Person:
    """A person, their cash, what they owe, and the history of the cash: kind, amount, balance after, when."""

    name: str
    token: str
    cash: int = 0
    owed: int = 0
    history: list = field(default_factory=list)

    def gain(self, kind, cents, at):
        """Money comes in, and settles first what is owed."""
        self._move(kind, cents, at)
        settled = min(self.cash, self.owed)
        self.owed -= settled
        self._move("RECEIVABLE_SETTLED", -settled, at)

    def lose(self, kind, cents, at):
        """Money is taken; what is not there is owed."""
        taken = min(self.cash, cents)
        self.owed += cents - taken
        self._move(kind, -taken, at)

    def _move(self, kind, cents, at):
        if cents:
            self.cash += cents
            self.history.append((kind, money(cents), money(self.cash), at))


@dataclass
class Freelancer(Person):
    """A freelancer."""


@dataclass
class Client(Person):
    """A client, and what they pay with: token and id of each."""

    cards: list = field(default_factory=list)


@dataclass
class Post:
    """A job post that costs no Connects."""

    client: Client
    title: str
    deadline: object
    wanted: int = 1
    id: str = None
    state: str = "OPEN"


@dataclass
class Proposal:
    """A proposal of a freelancer to a post."""

    post: Post
    freelancer: Freelancer
    id: str = None
    state: str = "SUBMITTED"


@dataclass
class Offer:
    """An offer to a proposal, with the cents of its milestones."""

    proposal: Proposal
    cents: list
    expires_at: object
    id: str = None
    state: str = "NEW"


@dataclass
class Milestone:
    """A part of a contract."""

    contract: object
    number: int
    cents: int
    id: str = None
    state: str = "PENDING"
    funded_at: object = None
    released_at: object = None
    card: str = None
    released: int = 0
    fee: int = 0
    "Of what was released, what has been taken back, and the fee in that."
    reversed: int = 0
    fee_reversed: int = 0
    refunds: list = field(default_factory=list)
    disputes: list = field(default_factory=list)

    @property
    def client(self):
        """Who pays."""
        return self.contract.offer.proposal.post.client

    @property
    def freelancer(self):
        """Who is paid."""
        return self.contract.offer.proposal.freelancer

    @property
    def refunded(self):
        """What went back to the client."""
        return sum(refund.cents for refund in self.refunds)

    @property
    def left(self):
        """What can go back."""
        return {"FUNDED": self.cents, "RELEASED": self.released - self.reversed}.get(self.state, 0)

    def dispute(self):
        """The open dispute."""
        return next((one for one in self.disputes if one.state == "OPEN"), None)

    def charged_back_at(self):
        """When the bank takes the money, if it does."""
        return self.funded_at + CHARGED_BACK_AFTER if self.card == CHARGED_BACK and self.funded_at else None

    def fee_in(self, cents):
        """The part of the fee that goes back with so much of what was released."""
        after = half_up(Fraction(self.fee * (self.reversed + cents), self.released)) if self.released else 0
        return after - self.fee_reversed


@dataclass
class Refund:
    """Money that goes back to a client."""

    cents: int
    state: str


@dataclass
class Dispute:
    """Two sides who do not agree."""

    milestone: Milestone
    opener: Person
    id: str = None
    state: str = "OPEN"


@dataclass
class Contract:
    """What an accepted offer became."""

    offer: Offer
    id: str = None
    state: str = "ACTIVE"
    milestones: list = field(default_factory=list)


class Books:
    """Everything there is."""

    def __init__(self, now):
        self.now = now
        self.clients, self.freelancers = [], []
        self.posts, self.proposals, self.offers, self.contracts = [], [], [], []
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
                offer.state, offer.proposal.state = "EXPIRED", "SUBMITTED"
        for post in self.posts:
            if post.state == "OPEN" and post.deadline <= to:
                post.state = "EXPIRED"
                self._archive(post)

    def offer(self, proposal, cents):
        """A client offers a contract; the post lives on."""
        offer = Offer(proposal, cents, self.now + OFFER_LIFE)
        proposal.state, proposal.post.deadline = "OFFERED", self.now + POST_LIFE
        self.offers.append(offer)
        return offer

    def accept(self, offer):
        """The freelancer accepts: there is a contract, and the post is filled once it has all that it wants."""
        offer.state, offer.proposal.state = "ACCEPTED", "HIRED"
        contract = Contract(offer)
        contract.milestones = [Milestone(contract, n, cents) for n, cents in enumerate(offer.cents, 1)]
        self.contracts.append(contract)
        post = offer.proposal.post
        if sum(one.offer.proposal.post is post for one in self.contracts) < post.wanted:
            post.deadline = self.now + POST_LIFE
            return contract
        post.state = "FILLED"
        for other in self.offers:
            if other.proposal.post is post and other.state == "NEW":
                other.state = "WITHDRAWN"
        self._archive(post)
        return contract

    def end_offer(self, offer, state):
        """An offer is declined or withdrawn; the proposal is back where it was."""
        offer.state, offer.proposal.state = state, "SUBMITTED"

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
                  if contract.offer.proposal.freelancer is freelancer and one.state == "FUNDED")
        return sum(one.cents for one in theirs)

    def escrow(self):
        """What is in escrow in all."""
        return sum(self.pending(freelancer) for freelancer in self.freelancers)

    def _archive(self, post):
        for proposal in self.proposals:
            if proposal.post is post and proposal.state in ("SUBMITTED", "OFFERED"):
                proposal.state = "ARCHIVED"
