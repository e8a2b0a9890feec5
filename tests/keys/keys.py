#!/usr/bin/env python3
"""Keys that change under kills and under load (docs/SECRETS.md).

First, rounds: a command that changes the secret or rotates a key is killed at a random moment. Whatever it had done, the
database opens with both secrets, with one of them alone exactly if every key is under that one, and every token that was
ever given out is still valid. Then the command runs to its end, and a process with only the secret before is refused.

Then, load: three servers answer people who ask and refresh their sessions, each at any server, while keys are rotated and
the secret is changed. No request is refused.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage.

    keys.py --binary target/release/connects --scale 200 --postgres postgres://me@localhost:5432
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
from clocks import say
from databases import Postgres, Sqlite
from killed import Rounds
from load import Load


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--scale", type=int, default=200, help="kills on each database, default %(default)s")
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
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-keys-")
    try:
        counts = {kind: story(kind, given, folder) for kind in given.databases}
        print(json.dumps({"seed": given.seed, "kills": given.scale, "counts": counts, "agree": True}), flush=True)
        return 0
    except Disagreement as no:
        say(f"DISAGREEMENT in {no}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
