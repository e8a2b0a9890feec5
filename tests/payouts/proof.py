"""The comparison of three: the model, what the server says, and the provider's own truth."""

import paths  # noqa: F401  # pylint: disable=unused-import

import hashlib
import json
from collections import Counter

from agreement import agree
from dates import fee_of, money
from graphql import pages
from payees import CANCEL, NEVER
from waves import key_of

PAYOUTS = """query($after: String) { admin { payouts(first: 100, after: $after) { nodes { id purpose state hold failure
  amount { amount } paid { amount currencyCode } reference account { email } } pageInfo { hasNextPage endCursor } } } }"""
CASH = "{ viewer { cashAccount { balance { amount } receivable { amount } } payouts(first: 1) { nodes { state } } } }"
PLATFORM = "{ admin { platformAccounts { kind balance { amount } } } }"
RUNS = "{ admin { taskRuns(outcome: FAILED, first: 5) { nodes { task error } } } }"
ASKED = 1_000
"At most so many people are asked what they see; all of them are compared in the database."


class Proof:
    """Compares."""

    def __init__(self, book, truth, hands, tally, people):
        self.book, self.truth, self.hands, self.tally, self.people = book, truth, hands, tally, people
        self.admin = None

    def compare(self):
        """All payouts, transfers and cash of the database, when nothing is under way."""
        rows = self.truth.payouts()
        self._take_in_what_is_held(rows)
        agree("payouts", rows, self.book.rows())
        expected = {key: (hashlib.sha256(account.encode()).hexdigest(), *rest)
                    for key, (account, *rest) in self.book.transfers().items()}
        agree("the provider's own truth", self.truth.transfers(), expected)
        agree("cash", self.truth.cash(), {one.email: one.cash for one in self.people})
        self.truth.must_hold()
        self.truth.close()
        self.tally["comparisons"] += 1

    def _take_in_what_is_held(self, rows):
        """Of a run in several transactions, what came after a refusal may be held; what went out together has failed."""
        for key in self.book.may_be_held:
            payout = self.book.payouts[key]
            siblings = [one for payable in payout.person.payables for one in payable.payouts]
            if rows[key][2:4] == ("HELD", "PAYOUT_METHOD_FAILED") and any(rows[one.key][2] == "FAILED" for one in siblings):
                self.book.hold_back(payout)
                self.tally["payouts held between two transactions of a run"] += 1
        self.book.may_be_held.clear()

    def conclude(self):
        """At the end nothing waits, and the three agree in everything."""
        agree("what still waits", len(self.book.waiting), 0)
        self.compare()
        self._payables()
        self._seen()
        self._money()
        agree("tasks that failed", self.hands.ask(self.admin, RUNS)["admin"]["taskRuns"]["nodes"], [])

    def _payables(self):
        """Each payable was carried out once, or not at all; and all of it together is what was paid."""
        transfers, sums = self.truth.transfers(), Counter()
        for person in self.people:
            for payable in person.payables:
                heard = [transfers[one.key] for one in payable.payouts if one.key in transfers]
                good = [one for one in heard if one[4] and not one[5]]
                paid = [one for one in payable.payouts if one.state == "PAID"]
                agree(f"how often {person.email} was paid {payable.number}", len(good), len(paid))
                agree(f"whether {person.email} was paid {payable.number}", len(paid), int(is_due(payable)))
                sums.update({currency: minor for _, minor, currency, *_ in good})
        expected = Counter()
        for one in self.book.payouts.values():
            if one.state == "PAID":
                expected.update({one.paid[1]: one.paid[0]})
        agree("what the provider has paid, by currency", sums, expected)

    def _seen(self):
        """What admins see of all payouts, and people of their cash."""
        seen = {}
        self.hands.program.client.close()
        for one in pages(self.hands.program.client, self.admin, PAYOUTS, ("admin", "payouts")):
            key, paid = key_of(one["id"]), one["paid"]
            seen[key] = (one["account"]["email"], one["amount"]["amount"], one["state"], one["hold"], one["failure"],
                         paid and (paid["amount"], paid["currencyCode"]), (one["reference"] or "").replace("-", ""))
        agree("payouts that admins see", seen, {key: _shown(one) for key, one in self.book.payouts.items()})
        some = self.people[::-(-len(self.people) // ASKED)]
        for person, answer in zip(some, self.hands.all([(one.token, CASH, {}) for one in some])):
            agree(f"the cash that {person.email} sees", answer["viewer"]["cashAccount"],
                  {"balance": {"amount": money(person.cash)}, "receivable": {"amount": "0.00"}})
        self.tally["people asked for their cash"] = len(some)

    def _money(self):
        """Where the money is, to the cent."""
        out, price = cents_paid(self.book), sum(one.price for one in self.people)
        expected = {"CLEARING": -price, "FEES": sum(fee_of(one.price) for one in self.people), "PAID_OUT": out}
        agree("the accounts of the platform", self.truth.platform(), expected)
        agree("cash, fees and what was paid out", sum(one.cash for one in self.people) + expected["FEES"] + out, price)
        agree("the journal's sums", self.truth.journal(), (0, 0, 0))
        seen = self.hands.ask(self.admin, PLATFORM)["admin"]["platformAccounts"]
        # What has been paid out is nowhere on the platform.
        agree("the accounts of the platform that admins see",
              {one["kind"]: one["balance"]["amount"] for one in seen if one["balance"]["amount"] != "0.00"},
              {kind: money(cents) for kind, cents in expected.items() if kind != "PAID_OUT"})

    def counts(self):
        """How all payables ended, and how many were faulted at first, by the way."""
        payables = [one for person in self.people for one in person.payables]
        first = [next((one.method.way for one in payable.payouts if one.method), None) for payable in payables]
        first = Counter(f"first sent with: {way}" for way in first if way)
        faulted = sum(count for what, count in first.items() if what != "first sent with: no fault")
        ends = Counter("payables paid" if is_due(one) else "payables in cash again" for one in payables)
        states = Counter(f"payouts {one.state} {one.failure or ''}".strip() for one in self.book.payouts.values())
        return {"payables": len(payables), "payables faulted": faulted, **dict(sorted((first + ends + states).items())),
                "calls that the provider heard": sum(one[3] for one in self.truth.transfers().values()),
                "cents paid out": cents_paid(self.book), "cents of cash": sum(one.cash for one in self.people)}

    def digest(self):
        """What everybody has and was paid, of the database: it follows from the seed, whenever processes were killed."""
        cash, transfers, rows = self.truth.cash(), self.truth.transfers(), self.truth.payouts()
        ends = hashlib.sha256()
        for person in self.people:
            paid = [[(rows[one.key][1], *transfers[one.key][:3]) for one in payable.payouts if rows[one.key][2] == "PAID"]
                    for payable in person.payables]
            ends.update(json.dumps([person.email, cash[person.email], paid]).encode())
        return ends.hexdigest()


def is_due(payable):
    """Whether somebody is paid in the end, by the seed alone: not if they cancel it, or never mend it."""
    person = payable.person
    return person.habit not in (NEVER, CANCEL) and not (person.quits and payable.number == 0)


def cents_paid(book):
    """How much has gone out."""
    return sum(one.payable.cents for one in book.payouts.values() if one.state == "PAID")


def _shown(one):
    minor, currency = one.paid
    reference = f"sandbox_{one.key}" if one.state == "PAID" else ""
    return (one.person.email, money(one.payable.cents), one.state, one.hold, one.failure,
            (money(minor), currency) if currency else None, reference)
