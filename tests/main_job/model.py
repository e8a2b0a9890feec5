"""A naive model of Connects: what each wallet must hold, by the rulebook alone.

It knows nothing of the program under test. A wallet is a plain list of lots, a calendar is counted
day by day on Python's own dates, and everything is recomputed from the start at each question.
The numbers below are those of the policy that seeds a new database (`policy.toml`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

SIGNUP = 40
FREE = 10
PAID = {"BASIC": 0, "PLUS": 60}
TIERS = [(5_000, 2), (60_000, 4), (300_000, 6)]
ABOVE = 8
UNKNOWN = 4
CAP = 16
HOURS_A_WEEK = 20
WEEKS = 4
EXPIRY_MINUTE = 15
"The expire-connects task runs at this minute of every hour (section 20 of the rulebook)."


def midnight(day):
    """00:00 UTC of `day`."""
    return datetime.combine(day, time.min, timezone.utc)


def one_year_after(instant):
    """L-2: the same clock time a calendar year later; 29 Feb becomes 1 Mar."""
    if (instant.month, instant.day) == (2, 29):
        return instant.replace(year=instant.year + 1, month=3, day=1)
    return instant.replace(year=instant.year + 1)


def next_cycle_day(day, anchor):
    """The first day of the cycle after the one that starts on `day` (M-2, M-3).

    Counted day by day: the next day of the month `anchor`. Anyone who starts on the 29th to 31st has the
    anchor 1; their next cycle starts not on the first 1st that follows, but on the one after.
    """
    firsts_to_skip = 1 if day.day > 28 else 0
    while True:
        day += timedelta(days=1)
        if day.day == anchor:
            if not firsts_to_skip:
                return day
            firsts_to_skip -= 1


def first_task_run(instant, minute):
    """When an hourly task that runs at `minute` first runs at or after `instant`."""
    run = instant.replace(minute=minute, second=0, microsecond=0)
    return run if run >= instant else run + timedelta(hours=1)


def value_of(post):
    """J-3: the value of the work in cents; `None` if the post does not give it."""
    if post.payment == "FIXED":
        return post.budget
    if post.hourly_min is None or post.hourly_max is None:
        return None
    return (post.hourly_min + post.hourly_max) * HOURS_A_WEEK * WEEKS // 2


def base_price(post):
    """J-3: what a proposal costs by the value of the work alone."""
    value = value_of(post)
    if value is None:
        return UNKNOWN
    for up_to, connects in TIERS:
        if value <= up_to:
            return connects
    return ABOVE


def demand_percent(proposals):
    """J-3: the factor, in percent, for a post with this many proposals so far."""
    if proposals >= 50:
        return 200
    return 150 if proposals >= 20 else 100


def price_of(post, proposals):
    """J-3: what the next proposal costs; results round up and are capped."""
    return min(CAP, -(-base_price(post) * demand_percent(proposals) // 100))


@dataclass
class Lot:
    """Connects with one origin and one expiry (L-1)."""

    number: int
    source: str
    quantity: int
    issued_at: datetime
    remaining: int
    expired: bool = False

    @property
    def expires_at(self):
        """L-2."""
        return one_year_after(self.issued_at)

    def order_of_use(self):
        """L-3."""
        return (self.issued_at, self.expires_at, self.number)


@dataclass(frozen=True)
class Row:
    """A history row as far as the rulebook decides it: no ids, no recording times."""

    kind: str
    effective_at: datetime
    quantity: int
    document: tuple
    moved: tuple
    "The lots it changed as (source, issued at, change), in the order of use."


@dataclass
class Wallet:
    """A freelancer's Connects from registration on."""

    registered_at: datetime
    plus_from: datetime | None = None
    lots: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    cycle_day: date | None = None
    "First day of the cycle whose Connects were issued last."

    def __post_init__(self):
        """R-1 and M-4: 40 + 10 at once."""
        today = self.registered_at.date()
        self.anchor = 1 if today.day > 28 else today.day
        self.cycle_day = today
        self._issue("SIGNUP", SIGNUP, self.registered_at, ("REGISTRATION", None))
        self._issue("MONTHLY_FREE", FREE, self.registered_at, ("CYCLE", today.isoformat()))

    def next_cycle_day(self):
        """First day of the next cycle that has Connects to be issued."""
        return next_cycle_day(self.cycle_day, self.anchor)

    def take_plus(self):
        """M-8: the plan changes with the next cycle; returns the first day on it."""
        self.plus_from = midnight(self.next_cycle_day())
        return self.plus_from.date()

    def plan_at(self, instant):
        """M-2: the plan in force."""
        return "PLUS" if self.plus_from is not None and self.plus_from <= instant else "BASIC"

    def usable_lots(self, now):
        """Lots that can be spent from, in the order of use (L-2, L-3)."""
        usable = [lot for lot in self.lots if lot.remaining > 0 and now < lot.expires_at]
        return sorted(usable, key=Lot.order_of_use)

    def available(self, now):
        """The Connects that can be spent."""
        return sum(lot.remaining for lot in self.usable_lots(now))

    def spend(self, quantity, now, document):
        """L-3: takes from the lots first in, first out; returns the row."""
        moved, left = [], quantity
        for lot in self.usable_lots(now):
            taken = min(left, lot.remaining)
            if taken:
                lot.remaining -= taken
                left -= taken
                moved.append((lot.source, lot.issued_at, -taken))
        assert left == 0, "spent more than there is"
        row = Row("PROPOSAL", now, -quantity, document, tuple(moved))
        self.rows.append(row)
        return row

    def advance(self, now):
        """Does what the hourly tasks have done by `now`: grants at :05, expiries at :15."""
        while first_task_run(midnight(self.next_cycle_day()), 5) <= now:
            self.cycle_day = self.next_cycle_day()
            start = midnight(self.cycle_day)
            document = ("CYCLE", self.cycle_day.isoformat())
            self._issue("MONTHLY_FREE", FREE, start, document)
            self._issue("MEMBERSHIP", PAID[self.plan_at(start)], start, document)
        for lot in self.lots:
            if not lot.expired and first_task_run(lot.expires_at, EXPIRY_MINUTE) <= now:
                self._expire(lot)

    def _issue(self, source, quantity, at, document):
        if quantity == 0:
            return
        self.lots.append(Lot(len(self.lots) + 1, source, quantity, at, quantity))
        self.rows.append(Row(source, at, quantity, document, ((source, at, quantity),)))

    def _expire(self, lot):
        """L-5: one row per lot with Connects left, dated to its expiry."""
        lot.expired = True
        if lot.remaining:
            rest, lot.remaining = lot.remaining, 0
            moved = ((lot.source, lot.issued_at, -rest),)
            self.rows.append(Row("EXPIRED", lot.expires_at, -rest, ("LOT", str(lot.number)), moved))


@dataclass(frozen=True)
class Answer:
    """The answer that a submission must get."""

    accepted: bool
    price: int
    available: int
    "The balance after the charge, or, if refused, the present one."
    moved: tuple = ()


class Market:
    """All wallets, and the demand of all posts."""

    def __init__(self, posts):
        self.posts = posts
        self.proposals = [0] * len(posts)
        self.wallets = {}

    def register(self, email, now):
        """P-2: a freelancer and their wallet."""
        self.wallets[email] = Wallet(now)

    def advance(self, now):
        """Lets time pass for everyone."""
        for wallet in self.wallets.values():
            wallet.advance(now)

    def value(self, post):
        """The value in cents of the work of the post at index `post`, if known."""
        return value_of(self.posts[post])

    def price(self, post):
        """The present price of a proposal to the post at index `post`."""
        return price_of(self.posts[post], self.proposals[post])

    def submit(self, email, post, now):
        """S-2: charges the present price, or refuses; only a proposal that was sent counts as demand."""
        wallet, price = self.wallets[email], self.price(post)
        available = wallet.available(now)
        if price > available:
            return Answer(False, price, available)
        row = wallet.spend(price, now, ("PROPOSAL", post))
        self.proposals[post] += 1
        return Answer(True, price, available - price, row.moved)
