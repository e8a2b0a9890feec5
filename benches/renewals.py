"""Renewals: people on PLUS whose cycles begin at one instant, each to be charged: by payment methods that work, that fail, of
which the provider never hears, and of which its answer is lost.

The task monthly-grants issues the free part and begins a payment for each; the task payments asks the provider. Both are
killed half-way and run again, and the clock goes on for a day until every answer is known. The figure is void unless each
person was charged once or not at all, has the paid part if and only if they paid, and is on BASIC if they did not.
"""

import random
import time
from datetime import timedelta

import dataset
from dataset import NOW, SEED, Shape, new_id, stamp
from program import Void
from table import Row

TOKENS = ("tok_visa", "tok_visa", "tok_visa", "tok_visa", "tok_visa", "tok_visa", "tok_declined", "tok_lost_before",
          "tok_lost_after", None)
"What people pay with, in turn; the last has no payment method."

METHOD = {"i": "int", "method": "uuid", "account": "uuid", "wallet": "uuid", "token": "text"}

PRICE = 1_799
"What a cycle costs, with a tax of 20%."

BEGUN_BEFORE = "2025-12-01T00:00:00+00:00"
"When the plans began."

ASKED = f"UPDATE instance SET sandbox_now = '{stamp(NOW + timedelta(minutes=10))}'"
"The provider is asked some minutes after a payment has begun."

BUSY = 3
"The exit code of a task that somebody else still holds."

FILL = [
    "INSERT INTO plan_periods (wallet_id, plan, from_at, recorded_at, basis) "
    f"SELECT wallet, 'PLUS', '{BEGUN_BEFORE}', '{BEGUN_BEFORE}', 'CHARGED' FROM payers ORDER BY wallet",
    "INSERT INTO payment_methods (id, account_id, provider, token, label, is_primary, added_at) "
    f"SELECT method, account, 'SANDBOX', token, 'A card', TRUE, '{BEGUN_BEFORE}' FROM payers WHERE token <> '' "
    "ORDER BY i",
]


def renewed(bench, db, wallets):
    """All of `wallets` renewed, with a kill in each of the two tasks."""
    db.fresh("renewals")
    bench.program.run(db.url("renewals"), "migrate")
    dataset.fill(db, "renewals", Shape(wallets, 1, "grants"))
    chance = random.Random(SEED + 2)
    payers = [(i, new_id(chance, i, 4), account, wallet, TOKENS[i % len(TOKENS)] or "")
              for i, (account, wallet) in enumerate(dataset.people_ids(wallets))]
    db.load("renewals", [("payers", METHOD, payers)], FILL)
    bench.program.verify(db, "renewals")
    begun = _killed_half_way(bench, db, "monthly-grants", "SELECT COUNT(*) FROM payments", _paying(wallets) // 2)
    db.load("renewals", [], [ASKED])
    asked = _killed_half_way(bench, db, "payments", "SELECT COUNT(*) FROM sandbox_charges", _paying(wallets) // 2)
    to = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    bench.program.run(db.url("renewals"), "clock", "advance", to)
    bench.program.verify(db, "renewals")
    _must_be_right(db, wallets)
    db.drop("renewals")
    return [_row(db, f"renewals: {wallets:,} begun at one instant", wallets, begun),
            _row(db, "  (asking the provider about each)", _paying(wallets), asked)]


def _paying(wallets):
    """How many have a payment method."""
    return sum(TOKENS[i % len(TOKENS)] is not None for i in range(wallets))


def _killed_half_way(bench, db, task, count, half):
    """Runs a task, kills it once `count` has reached `half`, and runs it again: seconds before and after, and the peak of
    the second."""
    words = ("task", "run", task, "--json")
    running, url = bench.program.begin(db.url("renewals"), *words), db.url("renewals")
    while int(db.rows("renewals", count)[0][0]) < half and not running.has_ended():
        time.sleep(0.02)
    if running.has_ended():
        raise Void(f"{task} was over before it could be killed")
    running.process.kill()
    before = time.perf_counter() - running.begun
    running.process.communicate()
    while True:
        again = bench.program.begin(url, *words)
        try:
            took = again.end()
            return before, took.seconds, took.peak_mib
        except Void:
            if again.process.returncode != BUSY:
                raise
            time.sleep(0.2)


def _must_be_right(db, wallets):
    """Nobody was charged twice, and everybody has what they paid for."""
    expected = {"PAID": 0, "FAILED": 0}
    for i in range(wallets):
        pays = TOKENS[i % len(TOKENS)] not in (None, "tok_declined")
        expected["PAID" if pays else "FAILED"] += 1
    states = {state: int(count) for state, count in
              db.rows("renewals", "SELECT state, COUNT(*) FROM renewals GROUP BY state")}
    if states != {state: count for state, count in expected.items() if count}:
        raise Void(f"the renewals are {states}, not {expected}")
    one = lambda query: tuple(int(value or 0) for value in db.rows("renewals", query)[0])
    charged = one("SELECT COUNT(*), SUM(amount_cents) FROM sandbox_charges WHERE accepted AND failure IS NULL")
    if charged != (expected["PAID"], expected["PAID"] * PRICE):
        raise Void(f"{charged} charges and cents, not those of {expected['PAID']} renewals")
    paid = one("SELECT COUNT(*), SUM(available_change) FROM entries WHERE kind = 'MEMBERSHIP'")
    free = one("SELECT COUNT(*), SUM(available_change) FROM entries WHERE kind = 'MONTHLY_FREE' "
               "AND business_key = 'MONTHLY_FREE/2026-02-15'")
    on_plus = one("SELECT COUNT(*), 0 FROM plan_periods WHERE until_at IS NULL AND basis = 'CHARGED'")
    found = (paid, free, on_plus)
    if found != ((expected["PAID"], expected["PAID"] * 60), (wallets, wallets * 10), (expected["PAID"], 0)):
        raise Void(f"paid parts, free parts and people on PLUS are {found}")


def _row(db, what, count, took):
    before, after, peak = took
    seconds = before + after
    return Row(what, db.kind, f"{seconds:.1f} s", note=f"{seconds / count * 1e6:.0f} us each; killed after {before:.1f} s, "
               f"then {after:.1f} s; peak {peak:.0f} MiB")
