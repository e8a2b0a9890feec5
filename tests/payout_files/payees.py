"""Accounts to which people are paid, by all rails and in all currencies; none is anybody else's."""

from dataclasses import dataclass

from names import some_name
from things import Method

WAYS = (("BANK_TRANSFER", "USD"), ("BANK_TRANSFER", "EUR"), ("BANK_TRANSFER", "GBP"), ("BACS", "GBP"), ("PAYPAL", "USD"),
        ("PAYPAL", "EUR"), ("PAYPAL", "GBP"), ("BACS", "GBP"))
COUNTRIES = {"DE": "9" * 18, "FR": "9999999999" + "X" * 11 + "99", "GB": "AAAA" + "9" * 14, "NL": "AAAA" + "9" * 10,
             "MT": "AAAA99999" + "X" * 18, "NO": "9" * 11, "ES": "9" * 20, "PL": "9" * 24, "IT": "A" + "9" * 10 + "X" * 12,
             "CH": "99999" + "X" * 12, "SE": "9" * 20, "IE": "AAAA" + "9" * 14}
"What an account number has in some countries of SEPA: digits, capitals, or either."
OF = {"9": "0123456789", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "X": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
LOCALS = ("ann", "ann.lee", "ann+pay", "o'neill", "a_b-c", "=sum", "+44", "x&y", "100%", "{ann}", "#1", "-ann")


@dataclass(eq=False)
class Account(Method):
    """Where somebody is paid, and how they wrote it."""

    bic: str = None
    typed: dict = None


def checked(country, number):
    """The IBAN of an account number."""
    digits = "".join(str(int(one, 36)) for one in f"{number}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{number}"


class Payees:
    """Makes up accounts."""

    def __init__(self, dice):
        self.dice, self.count = dice, 0

    def some(self, at, way=None, holder=None):
        """An account that is new, of a holder with some name."""
        self.count += 1
        rail, currency = way or self.dice.choice(WAYS)
        holder = holder or some_name(self.dice)
        account, bic, typed = {"BANK_TRANSFER": self._transfer, "BACS": self._bacs, "PAYPAL": self._paypal}[rail](holder)
        return Account(rail, currency, holder, account, at, bic=bic, typed={**typed, "currencyCode": currency})

    def _fill(self, pattern):
        """A number of this form that no other account has."""
        filled = "".join(self.dice.choice(OF[one]) for one in pattern)
        digits = f"{self.count:07}"
        return filled[:-9] + digits + filled[-2:]

    def _transfer(self, holder):
        country = self.dice.choice(sorted(COUNTRIES))
        iban = checked(country, self._fill(COUNTRIES[country]))
        bic = f"{self._letters(4)}{country}{self.dice.choice(('2L', 'FF', 'H1'))}{self.dice.choice(('', 'XXX', '123'))}"
        bic = bic if self.dice.random() < 0.6 else None
        typed = iban
        if self.dice.random() < 0.5:
            typed = " ".join(iban[first:first + 4] for first in range(0, len(iban), 4)).lower()
        return iban, bic, {"bankTransfer": {"holder": holder, "iban": typed, "bic": bic and bic.lower()}}

    def _letters(self, count):
        return "".join(self.dice.choice(OF["A"]) for _ in range(count))

    def _bacs(self, holder):
        sort_code, number = f"{self.dice.randrange(1_000_000):06}", f"{self.count:08}"
        typed = sort_code
        if self.dice.random() < 0.5:
            typed = f"{sort_code[:2]}-{sort_code[2:4]}-{sort_code[4:]}"
        return f"{sort_code} {number}", None, {"bacs": {"holder": holder, "sortCode": typed, "accountNumber": number}}

    def _paypal(self, holder):
        address = f"{self.dice.choice(LOCALS)}{self.count}@pay.example"
        return address, None, {"paypal": {"holder": holder, "email": f" {address.upper()} "}}
