"""The database as it is, read by other means than the server: the provider's own truth, payouts, and money."""

import paths  # noqa: F401  # pylint: disable=unused-import

import sqlite3
import subprocess
from collections import Counter

from agreement import Disagreement
from databases import client

MARK = "-- that is all --"
WORDS = {"sqlite": {"key": "lower(hex({}))"}, "postgres": {"key": "replace(CAST({} AS text), '-', '')"}}
"How an id is written in hex."
HEARD = "SELECT COUNT(*) FROM sandbox_transfers"
UNDER_WAY = "SELECT COUNT(*) FROM payouts WHERE state IN ('PROCESSING', 'UNKNOWN')"
UNSENT = "SELECT COUNT(*) FROM payouts WHERE state = 'PROCESSING' AND attempts = 0"
PLANNED = "SELECT COUNT(*) FROM payouts WHERE state = 'PROCESSING'"
PAYOUTS = """SELECT {key_of_p}, a.email, p.amount_cents, p.state, p.hold, p.failure, p.paid_minor, p.paid_currency
  FROM payouts p JOIN accounts a ON a.id = p.account_id"""
TRANSFERS = """SELECT {key_of_t}, t.payee, t.amount_minor, t.currency, t.attempts, CASE WHEN t.accepted THEN 1 ELSE 0 END,
  t.failure FROM sandbox_transfers t"""
CASH = """SELECT a.email, c.balance FROM cash_accounts c JOIN accounts a ON a.id = c.account_id WHERE c.kind = 'PERSON'"""
PLATFORM = "SELECT kind, SUM(balance) FROM cash_accounts WHERE kind <> 'PERSON' GROUP BY kind"
JOURNAL = """SELECT (SELECT COALESCE(SUM(balance), 0) FROM cash_accounts),
  (SELECT COALESCE(SUM(amount), 0) FROM cash_postings),
  (SELECT COUNT(*) FROM cash_accounts c WHERE c.balance <> (SELECT COALESCE(SUM(q.amount), 0) FROM cash_postings q
  WHERE q.cash_account_id = c.id))"""
BREACHES = """SELECT {key_of_t}, 'a transfer without a payout' FROM sandbox_transfers t
  LEFT JOIN payouts p ON p.id = t.key WHERE p.id IS NULL
UNION ALL SELECT {key_of_t}, 'a transfer of a payout that has not gone out' FROM sandbox_transfers t
  JOIN payouts p ON p.id = t.key WHERE p.attempts = 0 OR p.state IN ('SCHEDULED', 'HELD') OR p.failure = 'CANCELLED'
UNION ALL SELECT {key_of_t}, 'a transfer of another amount' FROM sandbox_transfers t
  JOIN payouts p ON p.id = t.key
  WHERE p.paid_minor IS NULL OR t.amount_minor <> p.paid_minor OR t.currency <> p.paid_currency
UNION ALL SELECT {key_of_t}, 'a transfer that was sent too often' FROM sandbox_transfers t WHERE t.attempts > 2
UNION ALL SELECT {key_of_p}, 'a payout that was paid without a transfer' FROM payouts p
  LEFT JOIN sandbox_transfers t ON t.key = p.id AND t.accepted AND t.failure IS NULL
  WHERE p.state = 'PAID' AND t.key IS NULL
UNION ALL SELECT {key_of_p}, 'a payout that failed without the provider' FROM payouts p
  LEFT JOIN sandbox_transfers t ON t.key = p.id AND t.accepted AND t.failure = p.failure
  WHERE p.state = 'FAILED' AND p.failure <> 'CANCELLED' AND t.key IS NULL"""
"What must never be, at whatever instant a process was killed."
CAUGHT = """SELECT DISTINCT CASE WHEN p.attempts = 0 THEN 'planned, unclaimed' WHEN t.key IS NULL THEN 'claimed, unheard'
  WHEN NOT t.accepted THEN 'lost on the way' WHEN p.state = 'UNKNOWN' THEN 'carried out, answer lost'
  ELSE 'carried out, unsettled' END FROM payouts p LEFT JOIN sandbox_transfers t ON t.key = p.id
  WHERE p.state IN ('PROCESSING', 'UNKNOWN')
UNION ALL SELECT 'planned, while others wait' WHERE EXISTS (SELECT 1 FROM payouts WHERE state = 'SCHEDULED')
  AND EXISTS (SELECT 1 FROM payouts WHERE state = 'PROCESSING')"""
"How payouts stood that a killed process had in its hands."


class Truth:
    """Reads a database; nothing is written, and nobody else is kept from writing."""

    def __init__(self, kind):
        key = WORDS[kind]["key"]
        self.words = {"key_of_p": key.format("p.id"), "key_of_t": key.format("t.key")}

    def rows(self, statement):
        """What a statement finds: tuples of text, of which nothing is empty text."""
        return self._rows(statement.format(**self.words))

    def number(self, statement):
        """The one number that a statement finds."""
        return int(self.rows(statement)[0][0])

    def payouts(self):
        """How each payout stands, by its key, as the model says it."""
        return {key: (email, int(cents), state, hold or None, failure or None, minor and int(minor) or None, currency or None)
                for key, email, cents, state, hold, failure, minor, currency in self.rows(PAYOUTS)}

    def transfers(self):
        """What the provider knows, by the key, as the model says it, but for the account, of which it knows a hash."""
        return {key: (payee, int(minor), currency, int(attempts), accepted == "1", failure or None)
                for key, payee, minor, currency, attempts, accepted, failure in self.rows(TRANSFERS)}

    def cash(self):
        """The cash of each person, by address."""
        return {email: int(balance) for email, balance in self.rows(CASH)}

    def platform(self):
        """What is where on the platform, of what there is."""
        return {kind: int(balance) for kind, balance in self.rows(PLATFORM) if int(balance)}

    def journal(self):
        """Three noughts: the sums of all accounts and of all postings, and how many accounts differ from their postings."""
        return tuple(map(int, self.rows(JOURNAL)[0]))

    def must_hold(self):
        """The provider and the payouts do not contradict each other."""
        found = self.rows(BREACHES)
        if found:
            kinds = Counter(what for _, what in found)
            raise Disagreement(f"the provider's own truth and the payouts: {dict(kinds)}, the first of them {found[0]}")

    def caught(self):
        """How payouts that are not over stand with the provider."""
        return [what for what, in self.rows(CAUGHT)]


class SqliteTruth(Truth):
    """Reads a file."""

    def __init__(self, url):
        super().__init__("sqlite")
        self.path, self.connection = url.removeprefix("sqlite:"), None

    def _rows(self, statement):
        if self.connection is None:
            self.connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)
        found = self.connection.execute(statement).fetchall()
        return [tuple("" if value is None else str(value) for value in row) for row in found]

    def close(self):
        """Lets go of the file, so that the next process finds it as a killed one left it."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class PostgresTruth(Truth):
    """Asks a `psql` that stays."""

    def __init__(self, url):
        super().__init__("postgres")
        self.url, self.process = url, None

    def _rows(self, statement):
        if self.process is None:
            command = [client(), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.url]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{statement};\n\\echo {MARK}\n")
        self.process.stdin.flush()
        return [tuple(line.split("\t")) for line in self._lines()]

    def _lines(self):
        for line in self.process.stdout:
            if line.rstrip("\n") == MARK:
                return
            yield line.rstrip("\n")
        raise Disagreement(f"psql ended with {self.process.wait()}")

    def close(self):
        """Ends the program."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None
