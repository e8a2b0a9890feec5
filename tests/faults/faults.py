#!/usr/bin/env python3
"""Rounds of a full disk (SQLite) or a broken connection (PostgreSQL) under a server at work.

In each round people post, rehearse, ask whether the server is ready and advance the clock while the fault
lasts, and go on when it is over; now and then the server is killed. What was answered as done must be in
the database once, read by other means; what was refused must not be there; what was not answered is asked
for again with the same idempotency key. A tenth of the rounds also breaks a migration. At the end the
ledger is verified, and there is one grant for each cycle.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1
at the first disagreement, with 2 on wrong usage.

    faults.py --binary target/release/connects --scale 1000 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile

from agreement import Disagreement
from breaking import Disk, Wire
from clocks import say
from rounds import Rounds


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--scale", type=int, default=1_000, help="rounds on each database, default %(default)s")
    parser.add_argument("--databases", default="sqlite,postgres", help="databases to use, default %(default)s")
    parser.add_argument("--postgres", metavar="URL", help="a server to make databases on, postgres://user@host:port")
    given = parser.parse_args()
    given.databases = given.databases.split(",")
    if not set(given.databases) <= {"sqlite", "postgres"} or given.scale < 1:
        parser.error("--databases takes sqlite and postgres, separated by a comma; --scale is at least 1")
    if "postgres" in given.databases and not given.postgres:
        parser.error("say by --postgres where to make databases, or leave it out by --databases sqlite")
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} is not there, or cannot be run; build it first")
    return given


def story(kind, given, folder):
    """Plays all rounds on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    fault = (Disk if kind == "sqlite" else Wire)(place, given.postgres)
    fault.database.create()
    rounds = Rounds(fault, os.path.abspath(given.binary), place, random.Random(f"{given.seed} {kind}"))
    try:
        rounds.begin()
        for number in range(1, given.scale + 1):
            rounds.round()
            if number % 10 == 1:
                rounds.migrate()
            if number % 100 == 0:
                say(f"[{kind}] {number} rounds: {dict(rounds.tally)}")
        rounds.tally["breaks of the wire"] = fault.breaks
        return dict(sorted(rounds.tally.items())), rounds.end()
    except Disagreement as no:
        raise Disagreement(f"[{kind}] round {rounds.number}: {no}; log: {rounds.program.log_tail()}") from None
    finally:
        rounds.program.close()
        fault.close()
        fault.database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-faults-")
    try:
        outcomes = {kind: story(kind, given, folder) for kind in given.databases}
        print(json.dumps({
            "seed": given.seed, "rounds": given.scale,
            "counts": {kind: counts for kind, (counts, _) in outcomes.items()},
            "digests": {kind: digest for kind, (_, digest) in outcomes.items()}, "agree": True,
        }), flush=True)
        return 0
    except Disagreement as no:
        say(f"DISAGREEMENT in {no}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
