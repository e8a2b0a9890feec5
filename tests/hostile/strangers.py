#!/usr/bin/env python3
"""Other people's ids: anyone who may not see an object learns nothing of it, not even whether it exists.

Many people register, post, propose and report. Then a visitor, strangers, people of the marketplace and an
admin try ids of every kind that are not theirs, in `nodes`, `node`, mutations, the export, lists from
foreign cursors, and searches. They also try ids that are absent, malformed, or foreign and spelled differently.
Every answer must be, byte for byte, the answer to an absent id; no text of others may appear; afterwards
nothing of anyone has changed, and the ledger is whole.

The counts go to stdout, with a JSON object as the last line. Exits with 1 at a leak, with 2 on wrong usage.

    strangers.py --binary target/release/connects --count 1000000
"""

import argparse
import json
import random
import sys
import time
from collections import Counter

from breach import Breach, must, say, shown
from market import ADMIN, Market
from probes import Asker
from roles import kind_of
from target import target

FOREIGN_TO_ADMINS = ("Viewer", "Notification", "cursor")
EVERY = 10
"A single id, a mutation, a cursor and a search come after this many queries of a hundred ids."


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--postgres", metavar="URL", help="a server to make the database on; SQLite by default")
    parser.add_argument("--count", type=int, default=1_000_000, help="ids to try, default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    return parser.parse_args()


def askers(server, market, seen, seed):
    """The people who try, and what is foreign to each."""
    everything = market.all_private(seen)

    def asker(name, email, foreign, is_stranger=False):
        own = seen[email][0] if email else {}
        foreign = {kind: set(ids) - set(own.get(kind, ())) for kind, ids in foreign.items()}
        return Asker(name, server, market.tokens.get(email), foreign, is_stranger, random.Random(f"{seed}/{name}"))

    yield asker("visitor", None, everything, True)
    for email in market.strangers:
        yield asker(email, email, everything, True)
    for email in (*market.freelancers[:4], *market.clients[:3]):
        yield asker(email, email, everything)
    yield asker("admin", ADMIN, {kind: ids for kind, ids in everything.items() if kind in FOREIGN_TO_ADMINS})


def attempt(all_askers, count, leaks):
    """Tries `count` ids; returns how many of each kind."""
    tried, done, told = Counter(), 0, time.monotonic()
    for number in range((count + 99) // 100):
        who = all_askers[number % len(all_askers)]
        probes = [lambda: tried.update(_kind(made, who.foreign) for made in who.many())]
        if number // len(all_askers) % EVERY == 0:
            probes += [lambda: tried.update([f"node {kind_of(who.single())}"]), lambda: tried.update([who.mutation()])]
            probes += [lambda: tried.update([who.cursor()]), lambda: tried.update([who.search()])]
        for probe in probes:
            try:
                probe()
            except Breach as no:
                leaks.append(str(no))
                if len(leaks) >= 20:
                    return tried
        done += 100
        if time.monotonic() - told > 5:
            told = time.monotonic()
            say(f"{done} of {count} ids")
    return tried


def _kind(made, kinds):
    try:
        kind = kind_of(made)
    except ValueError:
        return "malformed"
    return kind if kind in kinds else "malformed"


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    leaks, tried, begun, digest = [], Counter(), time.monotonic(), None
    with target(given.binary, "--no-scheduler", postgres=given.postgres) as server:
        try:
            market = Market(server)
            market.build()
            before = market.seen()
            all_askers = list(askers(server, market, before, given.seed))
            say(f"marketplace in {time.monotonic() - begun:.0f} s; foreign ids: "
                f"{ {kind: len(ids) for kind, ids in all_askers[0].foreign.items()} }")
            tried = attempt(all_askers, given.count, leaks)
            for email, (_, text) in market.seen().items():
                must(text == before[email][1],
                     lambda email=email: f"something of {email} has changed: {shown(before[email][1])}")
            server.stop()
            digest = server.verify()
        except Breach as no:
            leaks.append(str(no))
    for kind, times in sorted(tried.items()):
        print(f"{kind:40} {times:9}")
    for no in leaks:
        say(f"LEAK {no}")
    print(json.dumps({"seed": given.seed, "tried": sum(tried.values()), "kinds": len(tried),
                      "seconds": round(time.monotonic() - begun),
                      "leaks": len(leaks), "digest": digest}), flush=True)
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
