"""The floors: hand-written SQL that leaves the same rows as a task of Connects, in chunks like those on PostgreSQL.

They already know what Connects has to find out: that all wallets that are due have the same plan, that
nobody is suspended, that no lot has expired, and that nothing was granted before. They lock no rows, keep
no lease and no run record, and check no key twice. Everything else is the same: durability, foreign keys,
triggers and indexes.
"""

import time

from dataset import GRANT_DAY, NOW, stamp

GRANT_CHUNK = 5_000
EXPIRY_CHUNK = 500
LAST = "f" * 32

_AT, _END, _NEXT = f"'{GRANT_DAY}T00:00:00+00:00'", "'2027-02-15T00:00:00+00:00'", "'2026-03-15T00:00:00+00:00'"
_NOW = f"'{stamp(NOW)}'"
_DUE = f"next_grant_at = {_AT} AND anchor_day = 15"
_CHUNK = f"(SELECT wallet_id FROM memberships WHERE {_DUE} AND wallet_id <= UP_TO)"
_EDGE = f"SELECT wallet_id FROM memberships WHERE {_DUE} ORDER BY wallet_id LIMIT 1 OFFSET {GRANT_CHUNK - 1}"
_ENTRY = "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, " \
    "available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) "

GRANT = [
    _ENTRY + f"SELECT id, last_entry_seq + 1, 'MONTHLY_FREE', 10, 0, -10, available + 10, held, "
    f"'MONTHLY_FREE/{GRANT_DAY}', 'CYCLE', '{GRANT_DAY}', {_AT}, {_NOW} FROM wallets WHERE id IN {_CHUNK}",
    "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, issued_at, order_at, expires_at, "
    "grace_used) "
    f"SELECT id, last_lot_seq + 1, last_entry_seq + 1, 'MONTHLY_FREE', 10, 10, TRUE, {_AT}, {_AT}, {_END}, FALSE "
    f"FROM wallets WHERE id IN {_CHUNK}",
    "INSERT INTO notifications (account_id, key, kind, wallet_id, quantity, about_at, created_at) "
    f"SELECT account_id, 'CONNECTS_GRANTED/{GRANT_DAY}', 'CONNECTS_GRANTED', id, 10, {_AT}, {_NOW} "
    f"FROM wallets WHERE id IN {_CHUNK}",
    "UPDATE wallets SET available = available + 10, last_entry_seq = last_entry_seq + 1, "
    f"last_lot_seq = last_lot_seq + 1, last_recorded_at = {_NOW} WHERE id IN {_CHUNK}",
    f"UPDATE memberships SET cycle_started_at = {_AT}, next_grant_at = {_NEXT} WHERE {_DUE} AND wallet_id <= UP_TO",
]

_EXPIRED = f"SELECT wallet_id, seq, remaining, expires_at FROM lots WHERE open AND expires_at <= {_NOW} " \
    f"ORDER BY expires_at, wallet_id LIMIT {EXPIRY_CHUNK}"
_EXPIRY_ENTRY = _ENTRY + "SELECT w.id, w.last_entry_seq + 1, 'EXPIRED', -d.remaining, 0, d.remaining, " \
    "w.available - d.remaining, w.held, 'EXPIRED/' || d.seq, 'LOT', CAST(d.seq AS TEXT), d.expires_at, " \
    f"{_NOW} FROM due d JOIN wallets w ON w.id = d.wallet_id"
_MOVEMENT = "INSERT INTO movements (wallet_id, entry_seq, lot_seq, quantity) " \
    "SELECT w.id, w.last_entry_seq + 1, d.seq, -d.remaining FROM due d JOIN wallets w ON w.id = d.wallet_id"
_LOT = "UPDATE lots SET remaining = 0, open = FALSE FROM due d WHERE lots.wallet_id = d.wallet_id AND lots.seq = d.seq"
_WALLET = "UPDATE wallets SET available = available - d.remaining, last_entry_seq = last_entry_seq + 1, " \
    f"last_recorded_at = {_NOW}, next_expiry_at = (SELECT MIN(l.expires_at) FROM lots l " \
    "WHERE l.wallet_id = wallets.id AND l.open AND l.seq <> d.seq) FROM due d WHERE wallets.id = d.wallet_id"

EXPIRY_SQLITE = [f"INSERT INTO due {_EXPIRED}", _EXPIRY_ENTRY, _MOVEMENT, _LOT, _WALLET, "DELETE FROM due"]
EXPIRY_POSTGRES = f"WITH due AS MATERIALIZED ({_EXPIRED}), e AS ({_EXPIRY_ENTRY}), m AS ({_MOVEMENT}), l AS ({_LOT}) " \
    f"{_WALLET}"


def grants(db, name, due):
    """Grants the cycle to all `due` wallets; returns the seconds."""
    begun = time.perf_counter()
    if db.kind == "sqlite":
        _sqlite_grants(db.open(name))
    else:
        db.psql(name, (_postgres_grant() for _ in range(-(-due // GRANT_CHUNK))))
    return time.perf_counter() - begun


def expiry(db, name, due):
    """Books `due` expired lots, no two in one wallet; returns the seconds."""
    begun = time.perf_counter()
    chunks = -(-due // EXPIRY_CHUNK)
    if db.kind == "sqlite":
        link = db.open(name)
        link.execute("CREATE TEMP TABLE due (wallet_id BLOB, seq INTEGER, remaining INTEGER, expires_at TEXT)")
        for _ in range(chunks):
            transaction(link, EXPIRY_SQLITE)
        link.close()
    else:
        db.psql(name, (f"{EXPIRY_POSTGRES};\n" for _ in range(chunks)))
    return time.perf_counter() - begun


def _sqlite_grants(link):
    while link.execute(f"SELECT 1 FROM memberships WHERE {_DUE} LIMIT 1").fetchone():
        edge = link.execute(_EDGE).fetchone()
        up_to = f"X'{edge[0].hex() if edge else LAST}'"
        transaction(link, (statement.replace("UP_TO", up_to) for statement in GRANT))
    link.close()


def _postgres_grant():
    edge = f"SELECT COALESCE(({_EDGE}), '{LAST}') AS edge \\gset\n"
    chunk = ";\n".join(statement.replace("UP_TO", ":'edge'") for statement in GRANT)
    return f"{edge}BEGIN;\n{chunk};\nCOMMIT;\n"


def transaction(link, statements):
    """Runs `statements` in a transaction of SQLite."""
    link.execute("BEGIN IMMEDIATE")
    for statement in statements:
        link.execute(statement)
    link.execute("COMMIT")
