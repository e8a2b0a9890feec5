"""The model of payouts that go out in files: which go together, and what banks make of them. It shares no code with the
server; plans, holds and conversion are those of the affiliates' year."""

from dataclasses import dataclass, field

from outgoing import WAITING
from year import Year

REFUSALS = ("INVALID_DETAILS", "ACCOUNT_CLOSED", "REFUSED")
RATES = {"USD": 1_000_000, "EUR": 920_000, "GBP": 785_000}
"Millionths of a currency for a US dollar, by the policy."


def converted(cents, currency):
    """So many cents of a dollar in another currency, half a cent up, in whole numbers only."""
    return (2 * cents * RATES[currency] + 1_000_000) // 2_000_000


@dataclass(eq=False)
class Batch:
    """Payouts of one run that go by one rail in one currency: a file."""

    purpose: str
    at: object
    rail: str
    currency: str
    payouts: list = field(default_factory=list)
    sheet: object = None
    "The file as it was read, once it was there."
    answers: int = 0
    is_confirmed: bool = False

    @property
    def total(self):
        """What is paid together, in minor units of its currency."""
        return sum(one.minor for one in self.payouts)

    def of_state(self, *states):
        """Its payouts that stand so."""
        return [one for one in self.payouts if one.state in states]

    def record(self, payout):
        """What the file says of a payout."""
        return next(one for one in self.sheet.records if one.reference == payout.reference)

    def records(self):
        """What the file says of its payouts, in their order."""
        return [self.record(one) for one in self.payouts]


class FileYear(Year):
    """Money, runs and admins are as in the affiliates' year; but banks pay, and they answer when they like."""

    def __init__(self, now):
        super().__init__(now)
        self.batches = {}

    def withdraw(self, person, cents):
        """Somebody withdraws money, which is in no file yet."""
        payout = super().withdraw(person, cents)
        payout.reference = payout.batch = None
        return payout

    def _make(self, purpose, line):
        payout = super()._make(purpose, line)
        payout.minor, payout.reference = converted(payout.cents, payout.method.currency), None
        key = (purpose, self.now, payout.method.rail, payout.method.currency)
        payout.batch = self.batches.setdefault(key, Batch(*key))
        payout.batch.payouts.append(payout)
        return payout

    def _ask(self, payout):
        """Nobody is asked: a file is written, and that is all until its bank answers."""
        if payout.state in WAITING:
            payout.state = "PROCESSING"

    @staticmethod
    def _was_refused(person):
        """Whether the last payout to the account in use was refused; of several at one time, any of them."""
        there = [one for one in person.payouts if one.method and one.method is person.method]
        last = max((one.made_at for one in there), default=None)
        return any(one.made_at == last and one.failure in REFUSALS for one in there)

    def is_refused(self, person):
        """Whether nothing more is paid to somebody until they say where else to."""
        return not person.method or self._was_refused(person)

    def bank_pays(self, payout):
        """A bank says that it has paid; whether that is news."""
        if payout.state != "PROCESSING":
            return False
        self._paid(payout)
        return True

    def bank_fails(self, payout, why):
        """A bank says that it has not paid, or that the money came back; whether that is news."""
        if payout.state not in ("PROCESSING", "PAID"):
            return False
        self.fail(payout, why)
        for lock in payout.locks:
            if lock.commission.state == "PAID":
                lock.commission.state = "LOCKED"
        return True
