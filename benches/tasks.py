"""Scheduled work: grants, expiry, commissions that lock, nothing due, and a simulated year."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import brought
import dataset
import floors
import locking
from dataset import NOW, Shape
from program import Void
from table import Row

DIGEST_UP_TO = 100_000
"Number of wallets or clients up to which the whole ledger is compared with the floor's, row by row."


@dataclass(frozen=True)
class Work:
    """A task and its floors, by name: the first has none. `count` is what the task counts, `fill` makes the template, and
    `left` finds what must be the same after the task and after each floor, apart from the digest."""

    task: str
    count: str
    fill: Callable
    floors: dict
    left: Callable


def entries(db, name):
    """How many entries there are, and their sum."""
    return db.rows(name, "SELECT COUNT(*), SUM(available_change) FROM entries")


WORK = {
    "grants": Work("monthly-grants", "issued", dataset.fill, {"": floors.grants}, entries),
    "expiry": Work("expire-connects", "expired", dataset.fill, {"": floors.expiry}, entries),
    "commissions": Work("commissions", "locked", brought.fill,
                        {"": locking.known, "a floor that asks, too": locking.asked}, brought.locks),
}


def start_up(bench, db):
    """The cost of any command before it does anything."""
    _prepare(bench, db, "template", Shape(10))
    took = [bench.program.run(db.url("template"), "clock", "show") for _ in range(5)]
    seconds = median(t.seconds for t in took)
    cpu = median(t.cpu for t in took)
    db.drop("template")
    return [Row("process start-up (`clock show`)", db.kind, f"{seconds * 1e3:.0f} ms", note=f"CPU {cpu * 1e3:.0f} ms")]


def due(bench, db, what, shape):
    """A task and its floors, in turn, on copies of one database; then the task with nothing due."""
    work, expected = WORK[what], shape.due_count
    _prepare(bench, db, "template", shape, work.fill)
    ours, theirs, idle = [], {floor: [] for floor in work.floors}, []
    for turn in range(bench.rounds):
        last = turn == bench.rounds - 1
        digest = last and shape.wallets <= DIGEST_UP_TO
        _copy(db, "ours")
        ours.append(_timed_task(bench, db, "ours", work, expected))
        left = _left(bench, db, "ours", work, digest)
        if last:
            idle = [bench.program.run(db.url("ours"), "task", "run", work.task, "--json").seconds for _ in range(5)]
        db.drop("ours")
        for floor, run in work.floors.items():
            _copy(db, "floor")
            theirs[floor].append(run(db, "floor", expected))
            if _left(bench, db, "floor", work, digest) != left:
                raise Void(f"the floor of {work.task} left another ledger than Connects")
            db.drop("floor")
    db.drop("template")
    return _rows(db, what, shape, expected, ours, theirs, idle)


def year(bench, db, wallets):
    """365 days of all tasks on the sandbox's clock (B10)."""
    _prepare(bench, db, "year", Shape(wallets))
    to = (NOW + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
    took = bench.program.run(db.url("year"), "clock", "advance", to, "--json")
    bench.program.verify(db, "year")
    ran = ", ".join(f"{ran['task']} {ran['runs']}" for ran in json.loads(took.out)["ran"])
    db.drop("year")
    return [Row(f"B10: a simulated year, {wallets:,} wallets", db.kind, f"{took.seconds:.1f} s",
                note=f"runs: {ran}; CPU {took.cpu:.1f} s")]


def _prepare(bench, db, name, shape, fill=dataset.fill):
    db.fresh(name)
    bench.program.run(db.url(name), "migrate")
    fill(db, name, shape)
    bench.program.verify(db, name)


def _copy(db, name):
    db.copy("template", name)
    db.settle()


def _timed_task(bench, db, name, work, expected):
    """The figures of the task, and the CPU of the database."""
    before = db.cpu()
    took = bench.program.run(db.url(name), "task", "run", work.task, "--json")
    if {what: count for what, count in json.loads(took.out)["counts"].items() if count} != {work.count: expected}:
        raise Void(f"{work.task} did {took.out.strip()}, not {expected}")
    return took, db.cpu() - before


def _left(bench, db, name, work, digest):
    """What a task or a floor has left behind, once it is proven."""
    return bench.program.verify(db, name, digest=digest), work.left(db, name)


def _rows(db, what, shape, expected, ours, theirs, idle):
    share = "all" if shape.share == 1 else f"1/{shape.share}"
    title = f"{what}: {share} of {shape.wallets:,} due"
    mine = median(took.seconds for took, _ in ours)
    cpu = median(took.cpu + database for took, database in ours) / expected * 1e6
    rows = []
    for name, seconds in theirs.items():
        floor = median(seconds)
        ratios = ", ".join(f"{raw / took.seconds:.2f}" for (took, _), raw in zip(ours, seconds))
        note = f"{mine / expected * 1e6:.0f} and {floor / expected * 1e6:.0f} us each; CPU {cpu:.0f} us each; " \
            f"by turn {ratios}"
        about = f"  (beside {name})" if name else title
        rows.append(Row(about, db.kind, f"{mine:.2f} s", f"{floor:.2f} s", floor / mine, note))
    nothing = median(idle)
    return [*rows, Row(f"{what}: nothing due of {shape.wallets:,}", db.kind, f"{nothing * 1e3:.0f} ms",
                       note=f"{nothing / mine:.1%} of the full run")]
