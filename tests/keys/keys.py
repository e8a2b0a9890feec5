#!/usr/bin/env python3
"""Keys that change under kills and under load (docs/SECRETS.md).

First, rounds: a command that changes the secret or rotates a key is killed at about its commit, until --scale commands
were killed while they ran. Whatever the command had done, the database opens with both secrets, with one of them alone
exactly if every key is under that one, and the bearer, refresh and mailed tokens of before are still valid: some in each
round, all in the end. Then the command runs to its end, and a process with only the previous secret is refused.

Then, load: three servers answer people who ask and refresh their sessions, each at any server, while keys are rotated and
the secret is changed. No request is refused. In the end the retiring keys are retired at once, and each server refuses
their tokens within a minute.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage.

    keys.py --binary target/release/connects --scale 200 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import os
import random
import sys

from agreement import Disagreement
from clocks import say
from databases import Postgres, Sqlite
from killed import Rounds
from load import Load
from stories import arguments, play


def story(kind, given, folder):
    """Plays both parts on one database; returns what happened."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "keys") if kind == "sqlite" else Postgres(given.postgres, "keys")
    database.create()
    dice = random.Random(f"{given.seed} {kind}")
    rounds = Rounds(os.path.abspath(given.binary), database.url, place, dice)
    try:
        rounds.play(given.scale)
        say(f"[{kind}] {dict(rounds.tally)}")
        load = Load(rounds)
        try:
            load.play(max(3, given.scale // 10))
        finally:
            load.close()
        return dict(sorted((rounds.tally + load.tally).items()))
    except Disagreement as no:
        raise Disagreement(f"[{kind}] {no}") from None
    finally:
        rounds.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, 200, "kills")

    def report(counts):
        return {"kills": given.scale, "counts": counts}

    return play(given, story, report)


if __name__ == "__main__":
    sys.exit(main())
