"""What the scripts that tell a story share: their command line, and how they end."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile

from agreement import Disagreement
from clocks import say


def arguments(description, scale, what, add=lambda parser: None):
    """The command line of a script that plays `scale` of `what` on each database; `add` may add options."""
    parser = argparse.ArgumentParser(description=description.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--scale", type=int, default=scale, help=f"{what} on each database, default %(default)s")
    parser.add_argument("--databases", default="sqlite,postgres", help="databases to use, default %(default)s")
    parser.add_argument("--postgres", metavar="URL", help="a server to make databases on, postgres://user@host:port")
    add(parser)
    given = parser.parse_args()
    given.databases = given.databases.split(",")
    if not set(given.databases) <= {"sqlite", "postgres"} or given.scale < 1:
        parser.error("--databases takes sqlite and postgres, separated by a comma; --scale is at least 1")
    if "postgres" in given.databases and not given.postgres:
        parser.error("say by --postgres where to make databases, or leave it out by --databases sqlite")
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} is not there, or cannot be run; build it first")
    return given


def same_on_each(outcomes):
    """Counts and digests by database, of stories that each return counts and a digest; those must be the same on each."""
    digests = {kind: digest for kind, (_, digest) in outcomes.items()}
    if len(set(digests.values())) > 1:
        raise Disagreement(f"digests: {digests}")
    return {"counts": {kind: counts for kind, (counts, _) in outcomes.items()}, "digests": digests}


def play(given, story, report):
    """Plays `story(kind, given, folder)` on each database and prints `report` of what came of them; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-story-")
    try:
        outcomes = {kind: story(kind, given, folder) for kind in given.databases}
        print(json.dumps({"seed": given.seed, **report(outcomes), "agree": True}), flush=True)
        return 0
    except Disagreement as no:
        say(f"DISAGREEMENT in {no}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
