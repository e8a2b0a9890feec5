#!/usr/bin/env python3
"""Random requests over the whole schema, with each answer compared with the schema.

The requests cover every query and every mutation, at random depth and with random arguments, now and then
hostile: bounds, control characters, long strings, wrong enum values, ids of other kinds and other people,
nulls, wrong types, missing and unknown fields. They come from visitors, freelancers, clients, an admin, and
people with bad tokens. No answer may be a fault of the server or break off. Each must have the shape, the
nulls, the enum values and the formats that the schema promises, and refusals exactly where nothing was done.
Afterwards the ledger must be whole.

The requests follow from the seed and the number of workers, except for the ids that the server draws. The
table goes to stdout, with a JSON object as the last line. Exits with 1 when a promise was broken, and prints
the requests that show it; exits with 2 on wrong usage.

    generate.py --binary target/release/connects --count 100000
"""

import argparse
import json
import multiprocessing
import signal
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import sdl
from breach import Breach, say, shown
from playing import Player
from roles import people, pools
from target import target

SLICE = 250
"Requests between two reports of a worker."


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--postgres", metavar="URL", help="a server to make the database on; SQLite by default")
    parser.add_argument("--count", type=int, default=100_000, help="requests in all, default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--workers", type=int, default=4, help="processes that ask, default %(default)s")
    parser.add_argument("--schema", metavar="FILE", help="the schema in SDL; by default what the program prints")
    return parser.parse_args()


def work(player, count, queue):
    """The process of a worker: plays and reports, until it is done or the script itself fails."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for first in range(0, count, SLICE):
            player.play(first, min(first + SLICE, count))
            queue.put((player.number, player.outcomes, player.breaches, player.slowest))
            player.outcomes, player.breaches = Counter(), []
    except Exception as no:  # pylint: disable=broad-exception-caught
        queue.put((player.number, Counter(), [{"operation": "worker", "breach": f"{type(no).__name__}: {no}",
                                               "request": ""}], (0, "")))
        raise
    finally:
        queue.put((player.number, None, None, None))


class Report:
    """The sum of what all workers saw."""

    def __init__(self, count):
        self.count = count
        self.outcomes, self.breaches, self.slowest = Counter(), [], (0.0, "")
        self.begun = self.told = time.monotonic()

    def add(self, outcomes, breaches, slowest):
        """Takes a worker's report."""
        self.outcomes += outcomes
        self.breaches += breaches
        self.slowest = max(self.slowest, slowest)
        if time.monotonic() - self.told > 5:
            self.told = time.monotonic()
            done = sum(self.outcomes.values())
            speed = done / (self.told - self.begun)
            say(f"{done} of {self.count}, {speed:.0f} a second, {len(self.breaches)} breaches")

    def table(self):
        """Prints outcomes by operation, and each kind of breach once, with its request."""
        by_label = defaultdict(Counter)
        for (label, code), times in self.outcomes.items():
            by_label[label][code] += times
        for label, codes in sorted(by_label.items()):
            told = ", ".join(f"{code} {times}" for code, times in codes.most_common())
            print(f"{label[:32]:32} {sum(codes.values()):7}  {told}")
        seen = Counter()
        for one in self.breaches:
            kind = (one["operation"], one["breach"][:60])
            seen[kind] += 1
            if seen[kind] == 1:
                # The request is printed whole where that helps to send it again.
                told = {name: value if name == "request" and len(value) < 4_000 else shown(value)
                        for name, value in one.items()}
                say(f"BREACH {json.dumps(told)}")


def play(server, given):
    """Runs all workers at once; returns their report."""
    schema = sdl.parse(Path(given.schema).read_text(encoding="utf-8") if given.schema else server.run("schema"))
    tokens = people(server)
    known = pools(server, tokens)
    say(f"ids: {', '.join(f'{kind} {len(ids)}' for kind, ids in sorted(known.items()))}")
    queue, report = multiprocessing.Queue(), Report(given.count)
    shares = [given.count // given.workers + (number < given.count % given.workers) for number in range(given.workers)]
    players = [Player(number, given.seed, server.port, schema, tokens, known) for number in range(given.workers)]
    processes = [multiprocessing.Process(target=work, args=(player, share, queue)) for player,
                 share in zip(players, shares, strict=True)]
    for process in processes:
        process.start()
    running = len(processes)
    try:
        while running:
            _, outcomes, breaches, slowest = queue.get(timeout=300)
            if outcomes is None:
                running -= 1
            else:
                report.add(outcomes, breaches, slowest)
    finally:
        for process in processes:
            process.terminate()
            process.join()
    return report


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    broken, digest, report = [], None, Report(given.count)
    with target(given.binary, postgres=given.postgres) as server:
        try:
            report = play(server, given)
            if not server.is_alive():
                broken.append(f"the server died with {server.process.returncode}: {server.log_tail()}")
            else:
                server.stop()
            digest = server.verify()
        except Breach as no:
            broken.append(str(no))
        with open(server.log, encoding="utf-8", errors="replace") as log:
            broken += sorted({f"the log: {line.strip()[:300]}" for line in log if "panicked" in line
                              or " ERROR " in line})[:20]
    report.table()
    for no in broken:
        say(f"BREACH {no}")
    done = sum(report.outcomes.values())
    codes = Counter()
    for (_, code), times in report.outcomes.items():
        codes[code] += times
    say(f"slowest: {report.slowest[0]:.2f} s, {report.slowest[1]}")
    print(json.dumps({"seed": given.seed, "workers": given.workers, "requests": done,
                      "seconds": round(time.monotonic() - report.begun),
                      "outcomes": dict(codes.most_common()), "busy": codes["SERVICE_UNAVAILABLE"],
                      "slowest": round(report.slowest[0], 2),
                      "breaches": len(report.breaches) + len(broken), "digest": digest}), flush=True)
    return 1 if report.breaches or broken else 0


if __name__ == "__main__":
    sys.exit(main())
