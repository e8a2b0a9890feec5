"""What the sandbox's payment provider knows, and what the platform's own accounts hold, as the database has it."""

import sqlite3
import subprocess

from agreement import Disagreement, agree
from clocks import instant
from databases import client as psql

TIMEOUT = 60
CHARGES = """SELECT token, amount_cents, currency, CASE WHEN accepted THEN 1 ELSE 0 END, COALESCE(failure, ''),
  {at} FROM sandbox_charges"""
REFUNDS = """SELECT c.token, c.amount_cents, r.amount_cents, CASE WHEN r.accepted THEN 1 ELSE 0 END,
  COALESCE(r.failure, ''), {at} FROM sandbox_refunds r JOIN sandbox_charges c ON c.key = r.charge_key"""
ACCOUNTS = "SELECT kind, SUM(balance) FROM cash_accounts GROUP BY kind"
BOUNCE = """UPDATE sandbox_refunds SET failure = 'DECLINED' WHERE failure IS NULL AND charge_key IN
  (SELECT key FROM sandbox_charges WHERE token = '{card}' AND amount_cents = {cents})"""


class Bank:
    """The world beyond the server: the provider's own tables in the database at `url`."""

    def __init__(self, url):
        self.url = url

    def bounce(self, card, cents):
        """The only refund of a charge by this card and of so much fails after all: a later answer that nobody hears."""
        if self._is_sqlite:
            with self._open() as open_one:
                agree("refunds that come back", open_one.execute(BOUNCE.format(card=card, cents=cents)).rowcount, 1)
            open_one.close()
        else:
            agree("refunds that come back", self._psql(BOUNCE.format(card=card, cents=cents)).strip(), "UPDATE 1")

    def compare(self, books):
        """Compares every charge and every refund, and the platform's accounts, with the model.

        The provider knows nothing of what was paid from cash.
        """
        agree("charges at the provider", self._moved(CHARGES, "charged_at"), sorted(
            (one.card, str(one.cents), "USD", "1", one.failure or "", one.begun_at) for one in books.payments
            if not one.from_cash))
        agree("refunds at the provider", self._moved(REFUNDS, "r.refunded_at"), sorted(
            (one.payment.card, str(one.payment.cents), str(one.cents), "1", one.failure or "", one.begun_at)
            for one in books.refunds if not one.payment.from_cash))
        accounts = {kind: int(cents) for kind, cents in self._rows(ACCOUNTS)}
        agree("accounts of the platform", {name: accounts.get(name, 0) for name in books.totals()}, books.totals())

    def _moved(self, sql, at):
        shown = at if self._is_sqlite else f"to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00')"
        return sorted((*rest, instant(when)) for *rest, when in self._rows(sql.format(at=shown)))

    def _rows(self, sql):
        if not self._is_sqlite:
            return [line.split("|") for line in self._psql(sql).splitlines()]
        open_one = self._open()
        found = [[str(field) for field in row] for row in open_one.execute(sql)]
        open_one.close()
        return found

    @property
    def _is_sqlite(self):
        return self.url.startswith("sqlite:")

    def _open(self):
        return sqlite3.connect(self.url.removeprefix("sqlite:"), timeout=TIMEOUT)

    def _psql(self, sql):
        command = [psql(), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        if done.returncode != 0:
            raise Disagreement(f"psql: {sql}: {done.stderr.strip()}")
        return done.stdout
