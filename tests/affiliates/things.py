"""What there is in the model: people, links, clicks, jobs, commissions and payouts. It shares no code with the server."""

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from dates import earned, fee_of, half_up, money

WINDOW = timedelta(hours=720)
HOLD = timedelta(hours=48)
KNOWN_BY = ("PERSON", "ORGANISATION", "PAYMENT")
"What two accounts share of which only the older counts as new; devices and bank accounts say less."
PUBLIC = ("example",)
FATES = {"closed": "ACCOUNT_CLOSED", "refused": "REFUSED", "invalid": "INVALID_DETAILS"}
LOST = ("lost before", "lost after")


@dataclass(eq=False)
class Method:
    """Where somebody is paid."""

    rail: str
    currency: str
    holder: str
    account: str
    set_at: object
    label: str = ""

    @property
    def usable_at(self):
        """From when on something is paid there (W-4)."""
        return self.set_at + HOLD

    @property
    def failure(self):
        """Why the sandbox's provider pays nothing there."""
        return next((why for word, why in FATES.items() if word in self.holder), None)

    @property
    def is_lost(self):
        """Whether the first call or its answer is lost."""
        return any(word in self.holder for word in LOST)


@dataclass(eq=False)
class Person:
    """A person with an account."""

    name: str
    email: str
    born_at: object
    is_client: bool = False
    is_freelancer: bool = False
    token: str = ""
    id: str = None
    profile: str = None
    "The id by which they are hired."
    card: dict = field(default_factory=dict)
    "What they pay with: token to id."
    cash: int = 0
    owed: int = 0
    method: Method = None
    schedule: str = "FIFTEENTH"
    threshold: int = None
    suspended: bool = False
    traces: dict = field(default_factory=dict)
    "What they were seen with, and since when: (kind, what) to instant."
    payouts: list = field(default_factory=list)

    def seen(self, kind, what, at):
        """They are seen with something; only the first time says anything."""
        self.traces.setdefault((kind, what), at)

    def shares(self, other, by, kinds=None):
        """Whether they were seen by an instant with something that `other` was seen with by then, too."""
        return any(key in other.traces and at <= by and other.traces[key] <= by
                   for key, at in self.traces.items() if not kinds or key[0] in kinds)

    def gain(self, cents):
        """Money comes in, and settles first what is owed (O-5)."""
        self.cash += cents
        settled = min(self.cash, self.owed)
        self.cash -= settled
        self.owed -= settled

    def lose(self, cents):
        """Money is taken; what is not there is owed."""
        taken = min(self.cash, cents)
        self.cash -= taken
        self.owed += cents - taken


def trace_of(email):
    """The person and, if it is not a public one, the organisation behind an address."""
    local, domain = email.split("@")
    found = [("PERSON", f"{local.split('+')[0]}@{domain}")]
    if domain.split(".")[-1] not in PUBLIC:
        found.append(("ORGANISATION", domain))
    return found


@dataclass(eq=False)
class Affiliate:
    """A person's part in the programme."""

    person: Person
    id: str = None
    state: str = "PENDING"
    times_off: list = field(default_factory=list)
    "When each suspension began, and when it ended, if it did; a termination begins one that does not end."
    links: list = field(default_factory=list)
    brought: list = field(default_factory=list)
    "The attributions to them."

    @property
    def suspended_at(self):
        """When the last suspension began."""
        return self.times_off[-1][0] if self.times_off else None


@dataclass(eq=False)
class Link:
    """An affiliate's link."""

    affiliate: Affiliate
    id: str
    path: str
    leads: str
    retired: bool = False

    @property
    def counts(self):
        """Whether clicks on it count (F-2)."""
        return not self.retired and self.affiliate.state == "APPROVED"


@dataclass(eq=False)
class Click:
    """A click that counts."""

    link: Link
    at: object
    network: str = None
    term: str = None
    "By which words the ad was found that led there."


@dataclass(eq=False)
class Browser:
    """A browser, its cookie, and its clicks that count, in order."""

    cookie: str = None
    clicks: list = field(default_factory=list)


@dataclass(eq=False)
class Attribution:
    """To whose click a registration is attributed (F-4)."""

    client: Person
    browser: Browser
    click: Click
    registered_at: object
    refusal: str = None
    state: str = "OPEN"
    commission: object = None

    @property
    def affiliate(self):
        """Whose link it was."""
        return self.click.link.affiliate

    @property
    def hire_before(self):
        """When a first hire is too late."""
        return self.click.at + WINDOW

    def fate(self, click):
        """The outcome of a click of the same browser."""
        if click.at > self.registered_at:
            return "TOO_LATE"
        if click is self.click:
            return "REFUSED" if self.state == "REFUSED" else "WON"
        return "TOO_OLD" if self.registered_at - click.at >= WINDOW else "SUPERSEDED"


@dataclass(eq=False)
class Job:
    """A contract with one milestone."""

    client: Person
    freelancer: Person
    cents: int
    hired_at: object
    id: str = None
    state: str = "PENDING"
    card: str = None
    funded_at: object = None
    released: int = 0
    fee: int = 0
    reversed: int = 0
    fee_reversed: int = 0
    refunded: int = 0
    refunded_at: object = None
    charged_back: int = 0
    moves: list = field(default_factory=list)
    "What changed: when, by how much what was released, by how much what is in escrow, and whether a bank did it."

    @property
    def left(self):
        """What can go back."""
        return {"FUNDED": self.cents, "RELEASED": self.released - self.reversed}.get(self.state, 0)

    def fee_in(self, cents):
        """The part of the fee that goes back with so much of what was released."""
        return half_up(Fraction(self.fee * (self.reversed + cents), self.released)) - self.fee_reversed

    def standing(self, by):
        """What had been released and not taken back before `by`, what was in escrow, and whether a bank took some."""
        moves = [move for move in self.moves if move[0] < by]
        return sum(move[1] for move in moves), sum(move[2] for move in moves), any(move[3] for move in moves)

    def fund(self, at):
        """The payment is known to be paid."""
        self.state, self.funded_at = "FUNDED", at
        self.moves.append((at, 0, self.cents, False))

    def release(self, at, cents=None):
        """So much, or all, goes to the freelancer, less the fee."""
        cents = self.cents if cents is None else cents
        self.state, self.released, self.fee = "RELEASED", cents, fee_of(cents)
        self.moves.append((at, cents, -cents, False))
        self.freelancer.gain(cents - self.fee)

    def refund(self, at, cents):
        """So much goes back to the client, from where it is."""
        self.refunded, self.refunded_at = self.refunded + cents, at
        if self.state == "FUNDED":
            self.state = "REFUNDED"
            self.moves.append((at, 0, -cents, False))
        else:
            self._reverse(at, cents, False)

    def decide(self, at, cents):
        """An admin gives so much of what is in escrow to the client, and the rest to the freelancer."""
        if cents < self.cents:
            self.release(at, self.cents - cents)
        else:
            self.state = "REFUNDED"
        self.refunded, self.refunded_at = self.refunded + cents, at
        self.moves.append((at, 0, -cents, False))

    def charge_back(self, at):
        """The bank takes all of it, of which nothing went back before."""
        if self.state == "FUNDED":
            self.moves.append((at, 0, -self.cents, True))
        else:
            self._reverse(at, self.left, True)
        self.charged_back, self.state = self.cents, "CHARGED_BACK"

    def _reverse(self, at, cents, by_bank):
        fee = self.fee_in(cents)
        self.reversed, self.fee_reversed = self.reversed + cents, self.fee_reversed + fee
        self.moves.append((at, -cents, 0, by_bank))
        self.freelancer.lose(cents - fee)
        if self.reversed == self.released:
            self.state = "REFUNDED"


@dataclass(eq=False)
class Commission:
    """What an affiliate earns by a client's first payment."""

    attribution: Attribution
    job: Job
    next_lock_at: object
    state: str = "PENDING"
    reason: str = None
    ended_at: object = None
    locks: list = field(default_factory=list)

    @property
    def affiliate(self):
        """Who earns it."""
        return self.attribution.affiliate

    @property
    def looks(self):
        """What an affiliate sees of it that does not change."""
        return (self.attribution.click.link.id, money(self.job.cents), self.job.funded_at,
                self.attribution.registered_at.date().isoformat())

    def case(self, by):
        """The people who should not belong together, and by when they may have been seen together."""
        return self.attribution.client, self.affiliate, self.job.freelancer, by

    @property
    def locked(self):
        """What has locked of it."""
        return sum(lock.cents for lock in self.locks)

    @property
    def expected(self):
        """What it will be if nothing more goes back."""
        left = self.job.cents - self.job.refunded - self.job.charged_back
        return max(earned(left), self.locked) if self.state == "PENDING" else self.locked

    def end(self, state, at, reason=None):
        """Nothing more can lock."""
        self.state, self.reason, self.ended_at, self.next_lock_at = state, reason, at, None


@dataclass(eq=False)
class Lock:
    """What locked of a commission at the end of a month."""

    commission: Commission
    at: object
    released: int
    cents: int
    due_at: object
    payout: object = None


@dataclass(eq=False)
class Payout:
    """Money that goes out, or shall."""

    person: Person
    purpose: str
    cents: int
    made_at: object
    state: str = "SCHEDULED"
    hold: str = None
    failure: str = None
    method: Method = None
    minor: int = None
    ended_at: object = None
    locks: list = field(default_factory=list)
    id: str = None
