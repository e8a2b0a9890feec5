"""The floors of commissions that lock: hand-written SQL that leaves the same rows as the task of Connects.

The first one knows what Connects has to find out: that nobody is suspended, was flagged, or was seen with somebody else,
that nothing is disputed, that each payment was released by the end of the month, and that nothing has gone back. The
second one asks all of that, for a set at a time, and would skip what is not so. Both take 5,000 commissions in a
transaction, which never leave the database; Connects reads commissions, decides and writes. As for other tasks,
durability, foreign keys, triggers and indexes are the same. The id of a lock is that of its commission, so no new ids are
made.

A CROSS JOIN makes SQLite join in the order that is written, which PostgreSQL finds by itself. A CASE makes PostgreSQL ask
for one commission after another; otherwise it reads all traces for each chunk, which took seven times as long.
"""

import time

import floors
from dataset import NOW, stamp

CHUNK = 5_000

_OF = "c.id, c.affiliate_id, c.freelancer_id, c.milestone_id, c.payment_id, c.rate_basis_points AS rate, " \
    "c.cap_cents AS cap, c.next_lock_at AS at"
_DUE = f"c.state = 'PENDING' AND c.next_lock_at <= '{stamp(NOW)}'"
_FIRST = f"ORDER BY c.next_lock_at, c.id LIMIT {CHUNK}"
_SHARES = "EXISTS (SELECT 1 FROM traces t CROSS JOIN traces o WHERE t.account_id IN (c.client_id, c.freelancer_id) " \
    "AND o.kind = t.kind AND o.hash = t.hash AND o.account_id <> t.account_id)"
_FLAGGED = "EXISTS (SELECT 1 FROM affiliate_flags g WHERE g.client_id = c.client_id)"
_DISPUTED = "EXISTS (SELECT 1 FROM commission_disputes d WHERE d.commission_id = c.id)"
_BACK = "EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = c.payment_id) " \
    "OR EXISTS (SELECT 1 FROM chargebacks b WHERE b.payment_id = c.payment_id)"
_WHOLE = "EXISTS (SELECT 1 FROM cash_transactions t CROSS JOIN cash_postings p WHERE t.document_id = c.milestone_id " \
    "AND t.kind = 'RELEASE' AND t.recorded_at < c.next_lock_at AND p.transaction_id = t.id AND p.amount = -c.base_cents)"
DUE = f"SELECT {_OF} FROM commissions c WHERE {_DUE} {_FIRST}"
DUE_ASKED = f"SELECT {_OF} FROM commissions c CROSS JOIN affiliates f WHERE {_DUE} AND f.account_id = c.affiliate_id " \
    "AND (f.suspended_at IS NULL OR c.funded_at > f.suspended_at OR c.next_lock_at <= f.suspended_at) " \
    f"AND CASE WHEN {_SHARES} OR {_FLAGGED} OR {_DISPUTED} OR {_BACK} OR NOT {_WHOLE} THEN 0 ELSE 1 END = 1 {_FIRST}"
RELEASED = "SELECT d.id, d.affiliate_id, d.at, d.rate, d.cap, -p.amount AS released FROM due d " \
    "CROSS JOIN cash_transactions t CROSS JOIN cash_postings p WHERE t.document_id = d.milestone_id " \
    "AND t.kind = 'RELEASE' AND t.recorded_at < d.at AND p.transaction_id = t.id AND p.line = 1"
EARNED = "SELECT r.id, r.affiliate_id, r.at, r.released, CASE WHEN (r.released * r.rate + 5000) / 10000 > r.cap " \
    "THEN r.cap ELSE (r.released * r.rate + 5000) / 10000 END AS earned FROM (" + RELEASED + ") r"
LOCK = "INSERT INTO commission_locks (id, commission_id, affiliate_id, locked_at, released_cents, amount_cents, " \
    "due_at) SELECT e.id, e.id, e.affiliate_id, e.at, e.released, e.earned, '2026-02-03T00:00:00+00:00' FROM earned e"
COMMISSION = "UPDATE commissions SET state = 'LOCKED', locked_cents = e.earned, next_lock_at = NULL, ended_at = e.at " \
    "FROM earned e WHERE commissions.id = e.id"


def known(db, name, due):
    """Locks `due` commissions, all of each; returns the seconds."""
    return _lock(db, name, due, DUE)


def asked(db, name, due):
    """Does the same, and asks first."""
    return _lock(db, name, due, DUE_ASKED)


def _lock(db, name, count, due):
    begun, chunks = time.perf_counter(), -(-count // CHUNK)
    if db.kind == "sqlite":
        _sqlite(db.open(name), chunks, due)
    else:
        chunk = f"WITH due AS MATERIALIZED ({due}), earned AS MATERIALIZED ({EARNED}), l AS ({LOCK}) {COMMISSION};\n"
        # Without compiling statements first, as Connects.
        db.psql(name, ["SET jit = off;\n", *[chunk] * chunks])
    return time.perf_counter() - begun


def _sqlite(link, chunks, due):
    link.execute(f"CREATE TEMP TABLE due AS {due} OFFSET {chunks * CHUNK}")
    link.execute(f"CREATE TEMP TABLE earned AS {EARNED}")
    for _ in range(chunks):
        floors.transaction(link, (f"INSERT INTO due {due}", f"INSERT INTO earned {EARNED}", LOCK, COMMISSION,
                                  "DELETE FROM due", "DELETE FROM earned"))
    link.close()
