"""A seeded marketplace that fills a fresh, migrated database by direct SQL, as Connects would have.

Each wallet has a SIGNUP lot and two MONTHLY_FREE lots, so 3 entries and 3 lots. Like UUIDs of version 7,
ids are in the order of registration. The wallets that are due come in runs, like people who registered on
one day: 36 runs, whatever the size.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from databases import WORDS

SEED = 20260215
BORN = "2025-01-01T00:00:00Z"
"The instant at which the sandbox's clock and its policy start."

NOW = datetime(2026, 2, 15, 0, 10, tzinfo=timezone.utc)
"The time of the sandbox once a database is filled."

GRANT_DAY = "2026-02-15"
"The day of the cycle that is due."

DEEP_ROWS = 1_200
"History rows, besides its three, of a wallet with a long history."

DEEP = range(100, 132)
"The wallets, by number, with a long history: one for each connection that reads."

OTHER_DAYS = [*range(16, 29), *range(1, 15)]
"Anchor days of wallets that are not due."

HOT = range(1, 9)
"The wallets, by number, that have Connects for thousands of proposals."

RUNS = 36
FIRST_ID_AT = 1_700_000_000_000


@dataclass(frozen=True)
class Shape:
    """How many wallets, and which: every `share`th is due for `due` (`grants`, `expiry` or nothing)."""

    wallets: int
    share: int = 1
    due: str = ""

    @property
    def due_count(self):
        return sum(is_due(self, i) for i in range(self.wallets)) if self.due else 0


def is_due(shape, i):
    """Whether wallet `i` is due."""
    run = max(1, shape.wallets // (RUNS * shape.share))
    return bool(shape.due) and (i // run) % shape.share == 0


def fill(db, name, shape, posts=0):
    """Fills the database called `name`, which `connects migrate` made, with `posts` job posts besides."""
    chance = random.Random(SEED)
    people = {"i": "int", "account": "uuid", "wallet": "uuid", "email": "text", "anchor": "int", "signup": "instant",
              "first": "instant", "second": "instant", "next": "instant", "signup_end": "instant",
              "first_end": "instant", "second_end": "instant", "first_key": "text", "second_key": "text"}
    tables = [
        ("people", people, (person(chance, shape, i) for i in range(shape.wallets))),
        ("steps", {"step": "int"}, [(1,), (2,), (3,)]),
        ("jobs", {"i": "int", "id": "uuid"}, enumerate(post_ids(posts))),
    ]
    text_of = WORDS[db.kind]["textof"].format("p.account")
    script = [*(statement.replace("TEXT_OF_ACCOUNT", text_of) for statement in PEOPLE), MOVE_CLOCK]
    if posts:
        tables.append(("turns", {"k": "int"}, [(k,) for k in range(DEEP_ROWS // 2)]))
        script += [*MARKET, *LONG, *RICH]
    db.load(name, tables, script)


def person(chance, shape, i):
    """Row `i` of the staging table."""
    due = is_due(shape, i)
    anchor = (15 if shape.due == "grants" else 14) if due else OTHER_DAYS[i % len(OTHER_DAYS)]
    second = datetime(2026, 1 if anchor >= 15 else 2, anchor, tzinfo=timezone.utc)
    hour = timedelta(hours=6, seconds=i * 3_600 // shape.wallets)
    first = _months(second, -1) + hour
    signup = datetime(2025, 2, 14, tzinfo=timezone.utc) + hour if due and shape.due == "expiry" else first
    return (i, new_id(chance, i, 1), new_id(chance, i, 2), f"b{i:08}@bench.example", anchor,
            stamp(signup), stamp(first), stamp(second), stamp(_months(second, 1)),
            *(stamp(_months(at, 12)) for at in (signup, first, second)),
            f"MONTHLY_FREE/{first.date()}", f"MONTHLY_FREE/{second.date()}")


def new_id(chance, i, what):
    """The `i`th id like a UUID of version 7, as bytes."""
    bits = (FIRST_ID_AT + i * 100 + what) << 80 | 7 << 76 | chance.getrandbits(12) << 64
    return (bits | 2 << 62 | chance.getrandbits(62)).to_bytes(16, "big")


def people_ids(count):
    """The ids of the first accounts and their wallets."""
    chance = random.Random(SEED)
    return [(new_id(chance, i, 1), new_id(chance, i, 2)) for i in range(count)]


def post_ids(count):
    """The ids of the first job posts."""
    chance = random.Random(SEED + 1)
    return [new_id(chance, i, 3) for i in range(count)]


def stamp(at):
    """An instant as SQLite keeps it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _months(at, count):
    month = at.year * 12 + at.month - 1 + count
    return at.replace(year=month // 12, month=month % 12 + 1)


MOVE_CLOCK = f"UPDATE instance SET sandbox_now = '{stamp(NOW)}'"

_BY_STEP = "CASE s.step WHEN 1 THEN {} WHEN 2 THEN {} ELSE {} END"
_AT = _BY_STEP.format("p.signup", "p.first", "p.second")
_END = _BY_STEP.format("p.signup_end", "p.first_end", "p.second_end")
_KEY = _BY_STEP.format("'SIGNUP'", "p.first_key", "p.second_key")
_DOCUMENT = _BY_STEP.format("TEXT_OF_ACCOUNT", "substr(p.first_key, 14)", "substr(p.second_key, 14)")
_KIND = "CASE s.step WHEN 1 THEN 'SIGNUP' ELSE 'MONTHLY_FREE' END"
_QUANTITY = "CASE s.step WHEN 1 THEN 40 ELSE 10 END"
_EACH = "FROM people p CROSS JOIN steps s ORDER BY p.wallet, s.step"

PEOPLE = [
    "INSERT INTO accounts (id, email, name, country, is_client, is_admin, email_verified_at, created_at) "
    "SELECT account, email, 'Person ' || i, 'GB', FALSE, FALSE, signup, signup FROM people ORDER BY i",
    "INSERT INTO wallets (id, account_id, available, held, last_entry_seq, last_lot_seq, next_expiry_at, "
    "last_recorded_at, created_at) "
    "SELECT wallet, account, 60, 0, 3, 3, signup_end, second, signup FROM people ORDER BY i",
    "INSERT INTO memberships (wallet_id, anchor_day, cycle_started_at, next_grant_at) "
    "SELECT wallet, anchor, second, next FROM people ORDER BY i",
    "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, available_after, "
    "held_after, business_key, document_kind, document_id, effective_at, recorded_at) "
    f"SELECT p.wallet, s.step, {_KIND}, {_QUANTITY}, 0, -({_QUANTITY}), 30 + 10 * s.step, 0, {_KEY}, "
    f"CASE s.step WHEN 1 THEN 'REGISTRATION' ELSE 'CYCLE' END, {_DOCUMENT}, {_AT}, {_AT} {_EACH}",
    "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, issued_at, order_at, expires_at, "
    "grace_used) "
    f"SELECT p.wallet, s.step, s.step, {_KIND}, {_QUANTITY}, {_QUANTITY}, TRUE, {_AT}, {_AT}, {_END}, FALSE {_EACH}",
]

MARKET = [
    "UPDATE accounts SET is_client = TRUE WHERE id = (SELECT account FROM people ORDER BY i DESC LIMIT 1)",
    "INSERT INTO job_posts (id, client_id, business_key, title, description, search_text, category, skills, payment, budget_cents, "
    "currency, hires_wanted, visibility, is_free, state, proposal_count, connects_price, price_basis, published_at, "
    "last_activity_at, expires_at, version, created_at) SELECT j.id, p.account, 'bench/' || j.i, 'Job ' || j.i, '', 'job', 'DESIGN', '[]', 'FIXED', 4000, 'USD', 1, "
    "'PUBLIC', FALSE, 'OPEN', 0, 2, "
    "'{\"policy_version\":1,\"value_cents\":4000,\"base\":2,\"proposal_count\":0,\"demand_percent\":100}', "
    "p.first, p.first, p.first_end, 1, p.first FROM jobs j CROSS JOIN people p WHERE p.i = (SELECT MAX(i) FROM people) ORDER BY j.i",
]

# Some wallets are given a Connect and spend it, again and again: a long history that leaves their balance alone.
_DEEP = f"FROM people p CROSS JOIN turns t WHERE p.i BETWEEN {DEEP[0]} AND {DEEP[-1]} ORDER BY p.wallet, t.k"
_GIVEN = "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, " \
    "available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) "
LONG = [
    _GIVEN + "SELECT p.wallet, 4 + 2 * t.k, 'ADJUSTMENT', 1, 0, -1, 61, 0, 'ADJUSTMENT/' || t.k, 'PROPOSAL', "
    f"'bench', p.second, p.second {_DEEP}",
    _GIVEN + "SELECT p.wallet, 5 + 2 * t.k, 'BADGE', -1, 0, 1, 60, 0, 'BADGE/' || t.k, 'PROPOSAL', "
    f"'bench', p.second, p.second {_DEEP}",
    "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, issued_at, order_at, expires_at, "
    "grace_used) "
    "SELECT p.wallet, 4 + t.k, 4 + 2 * t.k, 'ADJUSTMENT', 1, 0, FALSE, p.second, p.second, p.second_end, FALSE "
    f"{_DEEP}",
    f"INSERT INTO movements (wallet_id, entry_seq, lot_seq, quantity) SELECT p.wallet, 5 + 2 * t.k, 4 + t.k, -1 {_DEEP}",
    "UPDATE wallets SET last_entry_seq = 3 + 2 * (SELECT COUNT(*) FROM turns), "
    "last_lot_seq = 3 + (SELECT COUNT(*) FROM turns) "
    f"WHERE id IN (SELECT wallet FROM people WHERE i BETWEEN {DEEP[0]} AND {DEEP[-1]})",
]

# Some wallets were given so many that they can spend all the time.
_RICH = f"FROM people p WHERE p.i BETWEEN {HOT[0]} AND {HOT[-1]} ORDER BY p.wallet"
RICH = [
    _GIVEN + "SELECT p.wallet, 4, 'ADJUSTMENT', 20000, 0, -20000, 20060, 0, 'ADJUSTMENT/rich', 'PROPOSAL', 'bench', "
    f"p.second, p.second {_RICH}",
    "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, issued_at, order_at, expires_at, "
    "grace_used) SELECT p.wallet, 4, 4, 'ADJUSTMENT', 20000, 20000, TRUE, p.second, p.second, p.second_end, FALSE "
    f"{_RICH}",
    "UPDATE wallets SET available = 20060, last_entry_seq = 4, last_lot_seq = 4 "
    f"WHERE id IN (SELECT wallet FROM people WHERE i BETWEEN {HOT[0]} AND {HOT[-1]})",
]
