"""What there is in the model: people, posts, offers, contracts and money. It shares no code with the server."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

OFFER_LIFE = timedelta(days=7)
POST_LIFE = timedelta(days=30)
ASK_AGAIN = timedelta(minutes=2)
CHARGED_BACK_AFTER = timedelta(days=10)
DISPUTE_LIFE = timedelta(days=30)
DAY = timedelta(days=1)
REFUNDS_AT_MOST, DISPUTES_AT_MOST, INVOICES_AT_MOST = 20, 3, 10
FAILURES_A_DAY = 10
"The payments of a person that failed or are not over within a day, after which the next is refused."
LEAST_REFUND = 100
LEAST_PART, MOST_PART = 500, 100_000_000
LEAST_RATE, MOST_RATE = 300, 100_000
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
VISA = "tok_visa"
CARDS = (VISA, *FAILURES, *LOST, CHARGED_BACK, REFUND_FAILS, *REFUND_LOST)
"As many as a person may add within a day."
CASH = "cash"
"Where there could be a card: the client's cash account."


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


@dataclass(eq=False)
class Person:
    """A person, their cash, what they owe, and the history of the cash: kind, amount, balance after, when."""

    name: str
    token: str = ""
    id: str = None
    profile: str = None
    "The id by which they are hired, once they have shown themselves."
    cards: dict = field(default_factory=dict)
    "What they pay with: token to id."
    payments: list = field(default_factory=list)
    cash: int = 0
    owed: int = 0
    history: list = field(default_factory=list)
    debts: Counter = field(default_factory=Counter)
    "How often they came to owe something, or more, by what; how often income settled some of it, and how often all."
    settled: int = 0
    cleared: int = 0
    suspended: bool = False
    closed: bool = False

    @property
    def barred(self):
        """The code with which they are refused what only people in good standing may do."""
        return "ACCOUNT_CLOSED" if self.closed else "ACCOUNT_SUSPENDED" if self.suspended else None

    @property
    def gone(self):
        """The code with which they are refused what suspended people may do."""
        return "ACCOUNT_CLOSED" if self.closed else None

    @property
    def held(self):
        """What of their cash is held."""
        return self.cash if self.barred else 0

    def gain(self, kind, cents, at):
        """Money comes in, and settles first what is owed."""
        self._move(kind, cents, at)
        settled = min(self.cash, self.owed)
        if settled:
            self.owed -= settled
            self.settled += 1
            self.cleared += not self.owed
        self._move("RECEIVABLE_SETTLED", -settled, at)

    def lose(self, kind, cents, at):
        """Money is taken; what is not there is owed."""
        taken = min(self.cash, cents)
        self.owed += cents - taken
        if cents > taken:
            self.debts[kind] += 1
        self._move(kind, -taken, at)

    def spend(self, cents, at):
        """They pay from their cash, which has that much."""
        self._move("FUNDING", -cents, at)

    def failures(self, now):
        """How many of their payments of the last day failed or are not over."""
        return sum(one.state != "PAID" and one.begun_at > now - DAY for one in self.payments)

    def _move(self, kind, cents, at):
        if cents:
            self.cash += cents
            self.history.append((kind, money(cents), money(self.cash), at))


@dataclass(eq=False)
class Payment:
    """A payment by a card, or from cash."""

    payer: Person
    card: str
    cents: int
    begun_at: object
    state: str = "UNKNOWN"
    failure: str = None
    ended_at: object = None
    refunded: int = 0
    charged_back: int = 0
    id: str = None

    @property
    def from_cash(self):
        """Whether it is from the payer's cash account, so that no provider knows of it."""
        return self.card == CASH

    def end(self, state, at, failure=None):
        """It is known what became of it."""
        self.state, self.ended_at, self.failure = state, at, failure


@dataclass(eq=False)
class Post:
    """A job post that costs no Connects; `row` is the real one that it is like."""

    client: Person
    row: object
    deadline: object
    wanted: int = 1
    id: str = None
    state: str = "OPEN"


@dataclass(eq=False)
class Proposal:
    """A proposal of a freelancer to a post."""

    post: Post
    freelancer: Person
    id: str = None
    state: str = "SUBMITTED"
    has_room: bool = False

    @property
    def without_offer(self):
        """Its state if it is live and has no offer."""
        return "INTERVIEWING" if self.has_room else "SUBMITTED"


@dataclass(eq=False)
class Project:
    """A freelancer's work at a fixed price."""

    freelancer: Person
    cents: int
    id: str
    version: int = 1
    state: str = "PUBLISHED"
    buyers: list = field(default_factory=list)


@dataclass(eq=False)
class Offer:
    """An offer to a proposal or, without one, a direct offer or an order; with the cents of its milestones or of an hour."""

    proposal: Proposal
    client: Person
    freelancer: Person
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


@dataclass(eq=False)
class Milestone:
    """A part of a contract."""

    contract: object
    number: int
    cents: int
    id: str = None
    state: str = "PENDING"
    payment: Payment = None
    "The last payment for it."
    funded_at: object = None
    released_at: object = None
    released: int = 0
    fee: int = 0
    "Of what was released, what has been taken back, and the fee in that."
    reversed: int = 0
    fee_reversed: int = 0
    refunds: list = field(default_factory=list)
    disputes: list = field(default_factory=list)

    @property
    def client(self):
        """The person who pays."""
        return self.contract.offer.client

    @property
    def freelancer(self):
        """The person who is paid."""
        return self.contract.offer.freelancer

    @property
    def card(self):
        """The card of its payment, or `CASH`."""
        return self.payment and self.payment.card

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
        return self.payment.begun_at + CHARGED_BACK_AFTER if self.card == CHARGED_BACK and self.funded_at else None

    def fee_in(self, cents):
        """The part of the fee that goes back with so much of what was released."""
        after = half_up(Fraction(self.fee * (self.reversed + cents), self.released)) if self.released else 0
        return after - self.fee_reversed


@dataclass(eq=False)
class Refund:
    """Money that goes back to a client."""

    payment: Payment
    cents: int
    state: str
    begun_at: object
    ended_at: object = None
    failure: str = None
    "Why the provider says that it failed; also if it says so long after it was paid, so that nobody here knows."


@dataclass(eq=False)
class Dispute:
    """Two sides who do not agree."""

    milestone: Milestone
    opener: Person
    id: str = None
    state: str = "OPEN"


@dataclass(eq=False)
class Contract:
    """What an accepted offer became."""

    offer: Offer
    id: str = None
    state: str = "ACTIVE"
    milestones: list = field(default_factory=list)

    @property
    def is_over(self):
        """Whether it binds nobody any more: it has ended, and nothing of it is disputed."""
        return self.state == "ENDED" and not any(one.dispute() for one in self.milestones)
