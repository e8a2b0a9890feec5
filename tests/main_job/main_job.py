#!/usr/bin/env python3
"""The main job on real input: a year of a marketplace, undisturbed and with kills, on each database.

Freelancers register on every day of a month, real job posts are imported, thousands of proposals are
sent over GraphQL, and the sandbox clock advances by more than a year. A naive model (`model.py`) knows the
rulebook and nothing of the program; it predicts every answer, every wallet and every history row. There
are two runs on each database: one is undisturbed; in the other, SIGKILL ends the server and the advances
at seeded random moments. All runs must end with the same digest of the ledger.

Progress goes to stderr; the last line of stdout is a JSON object with the counts and the digests.
Exits with 0 when everything agreed, with 1 at the first disagreement, with 2 on wrong usage.

    main_job.py --binary target/release/connects --posts job-posts.csv --postgres postgres://me@localhost:5432
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass

import plan
import posts
from agreement import Disagreement, agree
from clocks import phase, say
from databases import Postgres, Sqlite
from run import run

GENERATED = 300


@dataclass(frozen=True)
class Settings:
    """The input of all runs."""

    binary: str
    plan: plan.Plan
    posts: list
    posts_file: str
    postgres: str | None
    keep: bool


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--posts", metavar="FILE", help=f"job posts; without it {GENERATED} are made up")
    parser.add_argument("--postgres", metavar="URL", help="a server to make databases on, postgres://user@host:port")
    parser.add_argument("--databases", default="sqlite,postgres", help="databases to use, default %(default)s")
    parser.add_argument("--keep", action="store_true", help="keep databases and logs, and say where they are")
    counts = [("seed", 1), ("freelancers", 1000), ("plus", 200), ("idle", 100), ("submits", 20_000),
              ("days", 400), ("kills", 10)]
    for name, default in counts:
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help="default %(default)s")
    given = parser.parse_args()
    given.databases = given.databases.split(",")
    if not set(given.databases) <= {"sqlite", "postgres"} or len(set(given.databases)) != len(given.databases):
        parser.error("--databases takes sqlite and postgres, separated by a comma")
    if "postgres" in given.databases and not given.postgres:
        parser.error("say by --postgres where to make databases, or leave it out by --databases sqlite")
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} is not there, or cannot be run; build it first")
    return parser, given


def read_posts(given, folder):
    """The file and its posts; a made-up file if none was given."""
    file = given.posts
    if file is None or not os.path.isfile(file):
        say(f"no file of job posts{f' at {file}' if file else ''}: {GENERATED} made-up ones instead")
        file = os.path.join(folder, "posts.csv")
        with open(file, "w", encoding="utf-8", newline="") as out:
            out.write(posts.generate(given.seed, GENERATED))
    with open(file, encoding="utf-8", newline="") as lines:
        return os.path.abspath(file), posts.parse(lines)


def all_runs(given, settings, folder):
    """Two runs on each database, with equal digests; returns their results by name."""
    results = {}
    for kind in given.databases:
        for name, disturbed in ((kind, False), (f"{kind}_killed", True)):
            place = os.path.join(folder, name)
            os.mkdir(place)
            database = Sqlite(place, "connects") if kind == "sqlite" else Postgres(settings.postgres, name)
            with phase(name, "whole run"):
                results[name] = run(name, settings, database, place, disturbed)
            first = next(iter(results))
            for what in ("accepted", "insufficient", "digest_of_submits", "digest"):
                agree(f"{what} of run {name} and of run {first}",
                      getattr(results[name], what), getattr(results[first], what))
    return results


def summary(given, count, results):
    """Prints the last line."""
    first = next(iter(results.values()))
    return {
        "seed": given.seed, "freelancers": given.freelancers, "plus": given.plus, "idle": given.idle,
        "posts": count, "submits": given.submits, "accepted": first.accepted, "insufficient": first.insufficient,
        "kills": given.kills, "days": given.days,
        "digests": {name: result.digest for name, result in results.items()},
        "agree": True,
    }


def main():
    """Runs the script; returns the exit code."""
    parser, given = arguments()
    # A script that is ended from outside still ends its children and drops its databases.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-main-job-")
    try:
        file, read = read_posts(given, folder)
        names = ("seed", "freelancers", "plus", "idle", "submits", "days", "kills")
        sizes = plan.Sizes(**{name: getattr(given, name) for name in names})
        if no := plan.complaint(sizes, len(read)):
            parser.error(no)
        settings = Settings(os.path.abspath(given.binary), plan.make(sizes, len(read)), read, file,
                            given.postgres, given.keep)
        results = all_runs(given, settings, folder)
        print(json.dumps(summary(given, len(read), results)), flush=True)
        return 0
    except Disagreement as no:
        say(f"DISAGREEMENT in {no}")
        return 1
    finally:
        if given.keep:
            say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
