"""What a file for a bank or for PayPal says, whatever its format; and what all of them must keep to.

Nothing here shares code with the server, or knows what it meant to write: a file is read as a bank would read it, and
refused as a bank would refuse it.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import date

NAME = re.compile(r"(pain001|bacs18|paypal)-(USD|EUR|GBP)-(\d{4}-\d\d-\d\d)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
                  r"\.(xml|txt|csv)")
FORMATS = {"pain001": ("BANK_TRANSFER", "xml"), "bacs18": ("BACS", "txt"), "paypal": ("PAYPAL", "csv")}
AMOUNT = re.compile(r"(0|[1-9]\d*)\.(\d\d)")


class NotAccepted(Exception):
    """A bank would not accept this file."""


@dataclass(frozen=True)
class Record:
    """One payment of a file."""

    reference: str
    minor: int
    account: str
    holder: str = None
    "As the file spells it; a file for PayPal names no holder."
    bic: str = None


@dataclass(eq=False)
class Sheet:
    """A file that was read."""

    name: str
    rail: str
    currency: str
    day: date
    batch: str
    records: list = field(default_factory=list)
    payer: str = None

    @property
    def total(self):
        """What is paid together, in minor units."""
        return sum(one.minor for one in self.records)


def demand(condition, sentence):
    """A bank demands this."""
    if not condition:
        raise NotAccepted(sentence)


def same(what, got, expected):
    """A bank demands that two things are the same."""
    demand(got == expected, f"{what}: it says {got!r}, and should say {expected!r}")


def named(path):
    """What the name of a file says of it; nothing of its content."""
    found = NAME.fullmatch(os.path.basename(path))
    demand(found, f"this is no name of a file of payouts: {os.path.basename(path)}")
    kind, currency, day, batch, ending = found.groups()
    rail, expected = FORMATS[kind]
    same("the ending of a name", ending, expected)
    return Sheet(found[0], rail, currency, date.fromisoformat(day), batch)


def minor_of(text):
    """An amount with two decimals, in minor units; it is more than nothing."""
    found = AMOUNT.fullmatch(text or "")
    demand(found, f"this is no amount with two decimals: {text!r}")
    minor = int(found[1]) * 100 + int(found[2])
    demand(minor > 0, "an amount is nothing")
    return minor


def each_once(sheet):
    """A file pays something, and no reference twice."""
    demand(sheet.records, "a file pays nobody")
    references = [one.reference for one in sheet.records]
    demand(all(references), "a payment has no reference")
    twice = sorted({one for one in references if references.count(one) > 1})
    demand(not twice, f"references that a file has twice: {twice}")


def is_iban(text):
    """Whether an IBAN has the right form and check digits (ISO 13616, ISO 7064)."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text or ""):
        return False
    digits = "".join(str(int(one, 36)) for one in text[4:] + text[:4])
    return int(digits) % 97 == 1
