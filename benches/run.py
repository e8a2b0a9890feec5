"""Measures a Connects binary beside hand-written SQL and prints a table; docs/PERFORMANCE.md explains it.

    python3 benches/run.py --binary target/release/connects --quick
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass

sys.dont_write_bytecode = True
import busy
import over_http
import peer
import redirects
import renewals
import server
import tasks
import writes
from databases import Postgres, Sqlite
from dataset import Shape
from program import Program, Void
from table import shown

SIZES = "10k:1,100k:1,1m:30"
PARTS = ("grants", "expiry", "commissions", "renewals", "submits", "hot", "writes", "redirects", "busy", "reads", "year")
UNITS = {"k": 1_000, "m": 1_000_000}
QUICK = 100
"The factor by which --quick is smaller."


@dataclass(frozen=True)
class Bench:
    """The values that the parts share."""

    program: Program
    rounds: int


def main():
    asked = arguments()
    databases = asked.databases.split(",")
    with tempfile.TemporaryDirectory(prefix="connects-bench-", dir=asked.folder) as folder:
        started = server.Server(folder) if asked.start_postgres and "postgres" in databases else None
        program = Program(asked.binary, folder)
        bench = Bench(program, asked.rounds)
        try:
            url = started.url if started else asked.postgres_url
            made = [Sqlite(folder) if name == "sqlite" else Postgres(url) for name in databases]
            return measure(bench, made, asked)
        finally:
            program.stop()
            if started:
                started.stop()


def measure(bench, databases, asked):
    """Runs the parts and prints the table; 1 when any figure is void."""
    begun, rows, void = time.monotonic(), [], []
    for db in databases:
        for name, part in parts(bench, db, asked):
            print(f"{time.monotonic() - begun:6.0f} s  {db.kind}: {name}", file=sys.stderr, flush=True)
            try:
                rows += part()
            except Void as why:
                void.append(f"void: {db.kind}: {name}: {why}")
                print(void[-1], file=sys.stderr, flush=True)
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"\n{os.cpu_count()} cores, load {load}; {asked.rounds} rounds in turn; "
          f"{'; '.join(db.version() for db in databases)}\n")
    print(shown(rows))
    print("\n".join(void))
    return 1 if void else 0


def parts(bench, db, asked):
    """Each part with its name."""
    smaller = QUICK if asked.quick else 1
    wanted = asked.parts.split(",")
    yield "start-up", lambda: tasks.start_up(bench, db)
    for what in ("grants", "expiry"):
        for size, share in sizes(asked.sizes, smaller) if what in wanted else ():
            yield f"{what} {size}", lambda: tasks.due(bench, db, what, Shape(size, share, what))
    if "commissions" in wanted:
        size = 100_000 // smaller
        yield f"commissions {size}", lambda: tasks.due(bench, db, "commissions", Shape(size, 1, "commissions"))
    if "renewals" in wanted:
        yield "renewals", lambda: renewals.renewed(bench, db, max(1_000, 100_000 // smaller))
    if "submits" in wanted:
        yield "submitProposal", lambda: over_http.submits(bench, db, max(256, 8_000 // smaller))
    if "hot" in wanted:
        yield "submitProposal by few wallets", lambda: over_http.hot(bench, db, max(64, 8_000 // smaller))
    if "writes" in wanted:
        yield "reportJobPost", lambda: writes.reports(bench, db, max(128, 8_000 // smaller))
    if "redirects" in wanted:
        yield "redirects", lambda: redirects.clicks(bench, db, max(512, 20_000 // smaller))
    if "busy" in wanted:
        yield "submitProposal beside grants", lambda: busy.grants(bench, db, max(4_000, 400_000 // smaller))
    if "reads" in wanted:
        yield "reads", lambda: over_http.reads(bench, db, max(400, 20_000 // smaller))
    if asked.peer and db.kind == "postgres":
        yield "reads by a peer", lambda: peer.reads(bench, db, max(400, 20_000 // smaller))
    if "year" in wanted:
        yield "a simulated year", lambda: tasks.year(bench, db, max(30, 1_000 // smaller))


def sizes(text, smaller):
    """`10k:1,1m:30` as (10,000, 1), (1,000,000, 30)."""
    for word in text.split(","):
        size, _, share = word.partition(":")
        count = int(size[:-1]) * UNITS[size[-1].lower()] if size[-1].lower() in UNITS else int(size)
        yield max(60, count // smaller), int(share or 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default="target/release/connects", help="a release build")
    parser.add_argument("--databases", default="sqlite,postgres", help="databases to measure, of sqlite,postgres")
    parser.add_argument("--postgres-url", default="postgres://postgres@127.0.0.1:5432",
                        help="URL of a server, as a superuser, without a database")
    parser.add_argument("--start-postgres", action="store_true", help="start a server of our own for the run")
    parser.add_argument("--sizes", default=SIZES, help=f"wallets, and N when one in N is due; default {SIZES}")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"parts to run, of {','.join(PARTS)}")
    parser.add_argument("--peer", action="store_true", help="ask PostGraphile, too; npm installs it")
    parser.add_argument("--rounds", type=int, default=2, help="how often Connects and its floor take turns")
    parser.add_argument("--folder", help="folder of the databases; default: the temporary folder")
    parser.add_argument("--quick", action="store_true", help="run everything at about 1 %%, to see that it works")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
