"""The people, what they want to be paid, and where; all of it follows from the seed. It shares no code with the server."""

import paths  # noqa: F401  # pylint: disable=unused-import

import random
from dataclasses import dataclass, field
from datetime import timedelta

from cast import WAYS as RAILS
from cast import account_of
from dates import converted, fee_of
from ways import FAULTY, GOOD, Way

UNIT, PAYABLES = 50, 10
"People who come together, each with so many payables: thousand at a scale of 1."
UNITS = 2
"So many at a scale of 1."
LIMIT = 1_000_000
"What the task pays by itself in one run, and what one admin may have paid alone."
HOLD = timedelta(hours=48)
OWN, EXACT, ADMINS = "by itself", "exactly the limit", "two admins"
CENTS = {OWN: (1_000, 1_900), EXACT: (1_000, 1_000), ADMINS: (2_100, 6_000)}
"From what to what a payable of each kind of cohort is; those of a unit are below the limit together, or above it."
MEND, WAIT, AGAIN, NEVER, CANCEL = "mend", "wait", "again", "never", "cancel"
HABITS = (MEND,) * 5 + (WAIT,) * 2 + (AGAIN,) * 2 + (NEVER,) + (CANCEL,) * 2
"What the twelve of a unit do whose payouts fail: mend it at once, late, badly or never, or cancel what is held."


@dataclass(eq=False)
class Method:
    """Where somebody is paid."""

    rail: str
    currency: str
    account: str
    way: Way
    holder: str
    set_at: object
    failed: bool = False
    "Whether a payout there was refused, so that nothing more goes there."

    @property
    def usable_at(self):
        """From when on something is paid there (W-4)."""
        return self.set_at + HOLD


@dataclass(eq=False)
class Person:
    """Somebody who is paid."""

    number: int
    way: Way
    habit: str = None
    quits: bool = False
    "Whether they cancel one of their withdrawals before it goes out."
    price: int = 0
    cash: int = 0
    token: str = ""
    project: str = None
    methods: list = field(default_factory=list)
    payables: list = field(default_factory=list)
    dice: random.Random = None

    @property
    def email(self):
        """Their address."""
        return f"payee{self.number}@people.example"

    @property
    def method(self):
        """Where they are paid now."""
        return self.methods[-1]

    def new_method(self, way, now):
        """Another account of theirs, of whose holder the provider has this opinion."""
        number = self.number * 10 + len(self.methods)
        rail, currency = self.dice.choice(RAILS)
        return Method(rail, currency, account_of(rail, number), way, way.holder(number), now)


@dataclass(eq=False)
class Payable:
    """What somebody wants to be paid once."""

    person: Person
    number: int
    cents: int
    payouts: list = field(default_factory=list)
    "The payouts that tried it, the first one first."
    requested: int = 0
    "How often it was asked for; a request that is not answered is repeated under the same key."


@dataclass(eq=False)
class Payout:
    """A withdrawal."""

    payable: Payable
    key: str
    state: str = "SCHEDULED"
    hold: str = None
    failure: str = None
    method: Method = None

    @property
    def person(self):
        """To whom."""
        return self.payable.person

    @property
    def paid(self):
        """What the person gets, once it goes out: minor units and currency."""
        return (converted(self.payable.cents, self.method.currency), self.method.currency) if self.method else (None, None)


@dataclass(eq=False)
class Cohort:
    """People who withdraw together."""

    kind: str
    people: list

    @property
    def payables(self):
        """All that they want to be paid."""
        return [one for person in self.people for one in person.payables]


def cohorts(seed, scale):
    """The people of a story: first those whom the task pays by itself, then those for whom admins are needed."""
    units = [unit(seed, number) for number in range(UNITS * scale)]
    own, exact = min(6, 1 + scale // 5), (scale >= 5) + (scale >= 50)
    made = [cohort(seed, OWN, units[:own][number:number + 1]) for number in range(own)]
    made += [cohort(seed, EXACT, units[own + 2 * number:own + 2 * number + 2]) for number in range(exact)]
    random.Random(f"{seed} order").shuffle(made)
    rest = units[own + 2 * exact:]
    waves = min(len(rest), 24, 2 + scale // 5)
    shares = [rest[number * len(rest) // waves:(number + 1) * len(rest) // waves] for number in range(waves)]
    return made + [cohort(seed, ADMINS, share) for share in shares]


def unit(seed, number):
    """Fifty people: each faulty way once, and thirty-five whose transfers have no fault, of whom one cancels something."""
    dice = random.Random(f"{seed} unit {number}")
    people = [Person(0, way) for way in (*FAULTY, *[GOOD] * (UNIT - len(FAULTY)))]
    people[-1].quits = True
    failing = [one for one in people if one.way.failure]
    for person, habit in zip(failing, dice.sample(HABITS, len(HABITS))):
        person.habit = habit
    dice.shuffle(people)
    for place, person in enumerate(people):
        person.number = number * UNIT + place + 1
    return people


def cohort(seed, kind, units):
    """People who withdraw together, with what they withdraw and what they earn for that."""
    people = [person for some in units for person in some]
    for person in people:
        person.dice = random.Random(f"{seed} person {person.number}")
        person.payables = [Payable(person, number, person.dice.randint(*CENTS[kind])) for number in range(PAYABLES)]
        person.price = price_for(sum(one.cents for one in person.payables)) + person.dice.randrange(3_000)
        person.quits = person.quits and kind != EXACT
    return Cohort(kind, people)


def price_for(cents):
    """What somebody must be paid for their work so that so much is left after the fee (O-2)."""
    price = cents * 10 // 9 - 1
    while price - fee_of(price) < cents:
        price += 1
    return price
