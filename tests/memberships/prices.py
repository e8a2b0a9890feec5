"""What things cost, by the rulebook: prices, discounts, taxes (B-1, B-2, B-5, B-6, M-1)."""

from dataclasses import dataclass
from datetime import datetime

CENTS = 10_000
"Millionths of a dollar in a cent."


@dataclass
class Terms:
    """The prices from an instant on."""

    since: datetime
    micros: int = 150_000
    "What a Connect costs, in millionths of a dollar."
    plus_cents: int = 1_499
    plus_paid: int = 60
    free: int = 10


@dataclass
class Cost:
    """What something costs, in cents."""

    list: int
    discount: int
    net: int
    tax: int

    @property
    def total(self):
        """What is paid."""
        return self.net + self.tax


def share(amount, part, whole):
    """So many parts of a whole of an amount, half rounded up."""
    return (2 * amount * part + whole) // (2 * whole)


def cost(price, tax_micros, off=None):
    """What costs `price` cents, less a discount, with tax on the rest."""
    discount = min(off(price), price) if off else 0
    net = price - discount
    return Cost(price, discount, net, share(net, tax_micros, 1_000_000))


def price_of(quantity, terms):
    """What so many Connects cost, in cents, without discount and tax."""
    return share(quantity * terms.micros, 1, CENTS)


def terms_at(history, at):
    """The terms in force at an instant."""
    return [terms for terms in history if terms.since <= at][-1]


def dollars(cents):
    """An amount as the API writes it."""
    return f"{cents // 100}.{cents % 100:02}"
