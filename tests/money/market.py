"""What there is in the model: people, posts, offers, contracts and money. It shares no code with the server."""

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
LIVE = ("SUBMITTED", "INTERVIEWING", "OFFERED")
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
    """A freelancer, and the id by which they are hired, once they have shown themselves."""

    profile: str = None


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
    has_room: bool = False

    @property
    def without_offer(self):
        """Where it stands if it is live and has no offer."""
        return "INTERVIEWING" if self.has_room else "SUBMITTED"


@dataclass
class Project:
    """A freelancer's work at a fixed price."""

    freelancer: Freelancer
    cents: int
    id: str


@dataclass
class Offer:
    """An offer to a proposal or, without one, a direct offer or an order; with the cents of its milestones or of an hour."""

    proposal: Proposal
    client: Client
    freelancer: Freelancer
    cents: list
    expires_at: object
    id: str = None
    state: str = "NEW"
    hourly: int = None
    is_order: bool = False

    @property
    def post(self):
        """The post that it is for, if there is one."""
        return self.proposal and self.proposal.post


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
        return self.contract.offer.client

    @property
    def freelancer(self):
        """Who is paid."""
        return self.contract.offer.freelancer

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
