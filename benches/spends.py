"""The floors of submitProposal: the same inserts and updates by hand, one spend or a few per commit.

They take 2 Connects first in, first out: entry, movements, lots, wallet, proposal, the post's demand,
and the idempotency key with its outcome. They already know that the price is 2 and that the wallet has
enough; they read no account and no suspension, and reprice nothing. On SQLite one connection does all. On
PostgreSQL it is one prepared statement, run by pgbench, which finds the ids by number in a table of its own.
"""

import os
import subprocess
import tempfile
import time

import dataset
from databases import program
from dataset import NOW, SEED, stamp
from load import Load
from program import Void

PRICE = 2
_NOW = f"'{stamp(NOW)}'"
_ENTRY = "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, available_after, " \
    "held_after, business_key, document_kind, document_id, actor_id, effective_at, recorded_at) "

SQLITE = {
    "wallet": "SELECT available, last_entry_seq FROM wallets WHERE id = ?",
    "lots": f"SELECT seq, remaining FROM lots WHERE wallet_id = ? AND open AND expires_at > {_NOW} "
            "ORDER BY order_at, expires_at, seq",
    "entry": _ENTRY + f"VALUES (?, ?, 'PROPOSAL', -{PRICE}, 0, {PRICE}, ?, 0, ?, 'PROPOSAL', ?, ?, {_NOW}, {_NOW})",
    "movement": "INSERT INTO movements (wallet_id, entry_seq, lot_seq, quantity) VALUES (?, ?, ?, ?)",
    "lot": "UPDATE lots SET remaining = remaining - ?2, open = remaining > ?2 WHERE wallet_id = ?1 AND seq = ?3",
    "total": f"UPDATE wallets SET available = available - {PRICE}, last_entry_seq = ?2, last_recorded_at = {_NOW}, "
             "next_expiry_at = (SELECT MIN(expires_at) FROM lots WHERE wallet_id = ?1 AND open) WHERE id = ?1",
    "proposal": "INSERT INTO proposals (id, job_post_id, freelancer_id, wallet_id, cover_letter, connects_charged, "
                f"entry_seq, state, submitted_at) VALUES (?, ?, ?, ?, 'Hello', {PRICE}, ?, 'SUBMITTED', {_NOW})",
    "post": "UPDATE job_posts SET proposal_count = proposal_count + 1 WHERE id = ?",
    "key": "INSERT INTO idempotency_keys (account_id, mutation, key, arguments_hash, outcome, created_at) "
           f"VALUES (?, 'submitProposal', ?, ?, '{{}}', {_NOW})",
}

# One statement reads the lots as they were before it waited for the wallet. It is enough while nobody else spends there.
LOCKED = """BEGIN;
SELECT w.id FROM numbers n JOIN wallets w ON w.id = n.wallet WHERE n.k = :k FOR UPDATE OF w;
SPEND
COMMIT;
"""
NUMBER = "\\set k :j * :clients + :client_id\n\\set j :j + 1\n"
POSTGRES = f"""WITH n AS MATERIALIZED (SELECT * FROM numbers WHERE k = :k),
w AS MATERIALIZED (SELECT w.* FROM n JOIN wallets w ON w.id = n.wallet WHERE w.available >= {PRICE} FOR UPDATE OF w),
l AS MATERIALIZED (SELECT l.wallet_id, l.seq, l.remaining, l.expires_at, SUM(l.remaining) OVER
  (ORDER BY l.order_at, l.expires_at, l.seq) - l.remaining AS before
  FROM w JOIN lots l ON l.wallet_id = w.id AND l.open AND l.expires_at > {_NOW}),
t AS MATERIALIZED (SELECT wallet_id, seq, LEAST(remaining, {PRICE} - before) AS taken FROM l WHERE before < {PRICE}),
e AS ({_ENTRY} SELECT w.id, w.last_entry_seq + 1, 'PROPOSAL', -{PRICE}, 0, {PRICE}, w.available - {PRICE}, 0,
  'PROPOSAL/bench/' || n.post_number, 'PROPOSAL', n.proposal::text, n.account, {_NOW}, {_NOW} FROM n, w),
m AS (INSERT INTO movements SELECT t.wallet_id, w.last_entry_seq + 1, t.seq, -t.taken FROM t, w),
u AS (UPDATE lots SET remaining = remaining - t.taken, open = remaining > t.taken FROM t
  WHERE lots.wallet_id = t.wallet_id AND lots.seq = t.seq),
x AS (UPDATE wallets SET available = wallets.available - {PRICE}, last_entry_seq = wallets.last_entry_seq + 1,
  last_recorded_at = {_NOW}, next_expiry_at = (SELECT MIN(l.expires_at) FROM l LEFT JOIN t ON t.seq = l.seq
  WHERE l.remaining > COALESCE(t.taken, 0)) FROM w WHERE wallets.id = w.id),
p AS (INSERT INTO proposals (id, job_post_id, freelancer_id, wallet_id, cover_letter, connects_charged, entry_seq,
  state, submitted_at) SELECT n.proposal, n.post, n.account, w.id, 'Hello', {PRICE}, w.last_entry_seq + 1,
  'SUBMITTED', {_NOW}::timestamptz FROM n, w),
k AS (INSERT INTO idempotency_keys (account_id, mutation, key, arguments_hash, outcome, created_at)
  SELECT n.account, 'submitProposal', n.k::text, n.k::text, '{{}}', {_NOW}::timestamptz FROM n, w)
UPDATE job_posts SET proposal_count = proposal_count + 1 FROM n, w WHERE job_posts.id = n.post;
"""


def pair(k, senders, posts):
    """The person, one of the numbers `senders`, and the post of spend `k`; no pair comes twice, and neighbours share
    neither."""
    return senders[(k + k // posts) % len(senders)], k % posts


def sqlite(db, name, spends, senders, posts, per_commit=1):
    """Does `spends` over one connection, `per_commit` in each transaction."""
    people, jobs = dataset.people_ids(senders[-1] + 1), dataset.post_ids(posts)
    link, load, begun = db.open(name), Load(), time.perf_counter()
    for first in range(0, spends, per_commit):
        sent = time.perf_counter()
        link.execute("BEGIN IMMEDIATE")
        for k in range(first, min(first + per_commit, spends)):
            person, post = pair(k, senders, posts)
            _spend(link, k, *people[person], jobs[post], post)
        link.execute("COMMIT")
        load.latencies.append(time.perf_counter() - sent)
    load.seconds = time.perf_counter() - begun
    link.close()
    return load


def _spend(link, k, account, wallet, post, post_number):
    available, last = link.execute(SQLITE["wallet"], (wallet,)).fetchone()
    seq, left, proposal = last + 1, PRICE, (SEED << 64 | k).to_bytes(16, "big")
    lots = link.execute(SQLITE["lots"], (wallet,)).fetchall()
    link.execute(SQLITE["entry"], (wallet, seq, available - PRICE, f"PROPOSAL/bench/{post_number}", str(k), account))
    for lot, remaining in lots:
        taken = min(left, remaining)
        if taken:
            link.execute(SQLITE["movement"], (wallet, seq, lot, -taken))
            link.execute(SQLITE["lot"], (wallet, taken, lot))
        left -= taken
    link.execute(SQLITE["total"], (wallet, seq))
    link.execute(SQLITE["proposal"], (proposal, post, account, wallet, seq))
    link.execute(SQLITE["post"], (post,))
    link.execute(SQLITE["key"], (account, str(k), str(k)))


def postgres(db, name, spends, senders, posts, clients):
    """Does `spends` by pgbench over `clients` connections; fewer senders wait for each other's transactions."""
    people, jobs = dataset.people_ids(senders[-1] + 1), dataset.post_ids(posts)
    rows = []
    for k in range(spends):
        person, post = pair(k, senders, posts)
        rows.append((k, *people[person], jobs[post], post, (SEED << 64 | k).to_bytes(16, "big")))
    columns = {"k": "int", "account": "uuid", "wallet": "uuid", "post": "uuid", "post_number": "int",
               "proposal": "uuid"}
    db.load(name, [("staged", columns, rows)],
            ["CREATE TABLE numbers AS SELECT * FROM staged", "CREATE UNIQUE INDEX ON numbers (k)"])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "spend.sql"), "w", encoding="ascii") as script:
            locked = LOCKED.replace("SPEND\n", POSTGRES)
            script.write(NUMBER + (POSTGRES if len(senders) > clients else locked))
        command = [program("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
                   "-t", str(spends // clients), "-D", "j=0", "-D", f"clients={clients}", "-f", "spend.sql", "-l",
                   "--log-prefix=took", db.url(name)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        if done.returncode != 0 or "number of failed transactions: 0 " not in done.stdout:
            raise Void(f"pgbench: {done.stderr.strip()[-500:]}")
        load = Load()
        for log in os.listdir(folder):
            if log.startswith("took"):
                with open(os.path.join(folder, log), encoding="ascii") as lines:
                    load.latencies += [int(line.split()[2]) / 1e6 for line in lines]
    rate = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    load.seconds = len(load.latencies) / float(rate.split()[2])
    return load
