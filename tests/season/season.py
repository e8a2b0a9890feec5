#!/usr/bin/env python3
"""A season of a marketplace, over GraphQL only, in sandbox time, on each database.

People register, verify their addresses and sign in; real job posts are imported and spread over the
clients; on each of 90 days people post, edit, search, propose, withdraw, decline, cancel, report, appeal
and let posts expire. A naive model, which knows the rulebook and nothing of the program, predicts every
answer, every balance and every notification. At the end of each day, `connects verify` must find nothing,
and the digest of the ledger must be the same on all databases.

Progress goes to stderr; stdout gets a table of what happened, by rule, with a JSON object as the last
line. Exits with 0 when everything agreed, with 1 at the first disagreement, with 2 on wrong usage.

    season.py --binary target/release/connects --posts job-posts.csv --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import argparse
import csv
import json
import os
import shutil
import signal
import sys
import tempfile

import posts
from agreement import Disagreement, agree
from clocks import say
from databases import Postgres, Sqlite
from crowd import crowd
from story import Plan, Story

GENERATED = 300


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--posts", metavar="FILE", help=f"job posts; without it {GENERATED} are made up")
    parser.add_argument("--postgres", metavar="URL", help="a server to make databases on, postgres://user@host:port")
    parser.add_argument("--databases", default="sqlite,postgres", help="databases to use, default %(default)s")
    parser.add_argument("--keep", action="store_true", help="keep databases and logs, and say where they are")
    for name, default in (("seed", 1), ("clients", 50), ("freelancers", 250), ("days", 90)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help="default %(default)s")
    given = parser.parse_args()
    given.databases = given.databases.split(",")
    if not set(given.databases) <= {"sqlite", "postgres"} or len(set(given.databases)) != len(given.databases):
        parser.error("--databases takes sqlite and postgres, separated by a comma")
    if "postgres" in given.databases and not given.postgres:
        parser.error("say by --postgres where to make databases, or leave it out by --databases sqlite")
    if not 5 <= given.clients <= 200 or not 10 <= given.freelancers <= 500 or given.days < 1:
        parser.error("a season has 5 to 200 clients, 10 to 500 freelancers, and a day at least")
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} is not there, or cannot be run; build it first")
    return given


def read_posts(given, folder):
    """The lines of the file, each with its post; a made-up file if none was given."""
    file = given.posts
    if file is None or not os.path.isfile(file):
        say(f"no file of job posts{f' at {file}' if file else ''}: {GENERATED} made-up ones instead")
        file = os.path.join(folder, "posts.csv")
        with open(file, "w", encoding="utf-8", newline="") as out:
            out.write(posts.generate(given.seed, GENERATED))
    with open(file, encoding="utf-8", newline="") as lines:
        read = posts.parse(lines)
    with open(file, encoding="utf-8", newline="") as lines:
        return list(zip(list(csv.reader(lines))[1:], read, strict=True))


def all_stories(given, folder):
    """Plays the season on each database, with equal digests day by day; returns the results by name."""
    people = crowd(given.clients, given.freelancers)
    plan = Plan(given.seed, given.days, people, read_posts(given, folder))
    results = {}
    for kind in given.databases:
        place = os.path.join(folder, kind)
        os.mkdir(place)
        database = Sqlite(place, "season") if kind == "sqlite" else Postgres(given.postgres, "season")
        database.create()
        try:
            results[kind] = Story(kind, os.path.abspath(given.binary), database, place, plan).go()
        finally:
            if not given.keep:
                database.drop()
        say(f"[{kind}] {results[kind].calls} mutations in {results[kind].seconds:.0f} s")
        compare(results)
    return results


def compare(results):
    """Checks that all databases have seen the same."""
    (first, one), (name, other) = next(iter(results.items())), list(results.items())[-1]
    for day, (left, right) in enumerate(zip(one.digests, other.digests, strict=True), 1):
        agree(f"digests of {name} and {first} at the end of day {day}", right, left)
    agree(f"digests of {name} and {first} at the end", other.digest, one.digest)
    agree(f"counts of {name} and {first}", counts(other), counts(one))


def counts(result):
    """What happened, except for what depends on the wall clock."""
    return {f"{rule} {what}".strip(): count for rule, what, count in result.tally.rows() if "refreshed" not in what}


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    # A script that is ended from outside still ends its children and drops its databases.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-season-")
    try:
        results = all_stories(given, folder)
        first = next(iter(results.values()))
        print(first.tally.table())
        print(json.dumps({
            "seed": given.seed, "clients": given.clients, "freelancers": given.freelancers, "days": given.days,
            "mutations": first.calls, "counts": counts(first),
            "seconds": {name: round(result.seconds) for name, result in results.items()},
            "refreshed": {name: result.tally.counts["P-1", "sessions refreshed"] for name, result in results.items()},
            "digests": {name: result.digest for name, result in results.items()}, "agree": True,
        }), flush=True)
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
