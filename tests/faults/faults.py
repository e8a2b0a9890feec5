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

import os
import random
import sys

from agreement import Disagreement
from breaking import Disk, Wire
from clocks import say
from rounds import Rounds
from stories import arguments, play


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
    given = arguments(__doc__, 1_000, "rounds")

    def report(outcomes):
        return {"rounds": given.scale, "counts": {kind: counts for kind, (counts, _) in outcomes.items()},
                "digests": {kind: digest for kind, (_, digest) in outcomes.items()}}

    return play(given, story, report)


if __name__ == "__main__":
    sys.exit(main())
