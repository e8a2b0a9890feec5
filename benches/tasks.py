"""Scheduled work: grants, expiry, nothing due, and a simulated year."""

import json
from datetime import timedelta
from statistics import median

import dataset
import floors
from dataset import NOW, Shape
from program import Void
from table import Row

DIGEST_UP_TO = 100_000
"Number of wallets up to which the whole ledger is compared with the floor's, row by row."

WORK = {"grants": ("monthly-grants", "issued", floors.grants), "expiry": ("expire-connects", "expired", floors.expiry)}


def start_up(bench, db):
    """The cost of any command before it does anything."""
    _prepare(bench, db, "template", Shape(10))
    took = [bench.program.run(db.url("template"), "clock", "show") for _ in range(5)]
    seconds = median(t.seconds for t in took)
    cpu = median(t.cpu for t in took)
    db.drop("template")
    return [Row("process start-up (`clock show`)", db.kind, f"{seconds * 1e3:.0f} ms", note=f"CPU {cpu * 1e3:.0f} ms")]


def due(bench, db, what, shape):
    """A task and its floor, in turn, on copies of one database; then the task with nothing due."""
    task, count, floor = WORK[what]
    expected = shape.due_count
    _prepare(bench, db, "template", shape)
    ours, theirs, idle = [], [], []
    for turn in range(bench.rounds):
        last = turn == bench.rounds - 1
        db.copy("template", "ours")
        db.settle()
        took, database_cpu = _timed_task(bench, db, "ours", task)
        if json.loads(took.out)["counts"] != {count: expected}:
            raise Void(f"{task} did {took.out.strip()}, not {expected}")
        ours.append((took, database_cpu))
        digest = bench.program.verify(db, "ours", digest=last and shape.wallets <= DIGEST_UP_TO)
        if last:
            idle = [bench.program.run(db.url("ours"), "task", "run", task, "--json").seconds for _ in range(5)]
        db.drop("ours")
        db.copy("template", "floor")
        db.settle()
        before = db.cpu()
        theirs.append((floor(db, "floor", expected), db.cpu() - before))
        if bench.program.verify(db, "floor", digest=last and shape.wallets <= DIGEST_UP_TO) != digest:
            raise Void(f"the floor of {task} left another ledger than Connects")
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


def _prepare(bench, db, name, shape):
    db.fresh(name)
    bench.program.run(db.url(name), "migrate")
    dataset.fill(db, name, shape)
    bench.program.verify(db, name)


def _timed_task(bench, db, name, task):
    before = db.cpu()
    took = bench.program.run(db.url(name), "task", "run", task, "--json")
    return took, db.cpu() - before


def _rows(db, what, shape, expected, ours, theirs, idle):
    share = "all" if shape.share == 1 else f"1/{shape.share}"
    title = f"{what}: {share} of {shape.wallets:,} due"
    mine, floor = median(took.seconds for took, _ in ours), median(seconds for seconds, _ in theirs)
    ratios = ", ".join(f"{raw[0] / took.seconds:.2f}" for (took, _), raw in zip(ours, theirs))
    cpu = median(took.cpu + database for took, database in ours) / expected * 1e6
    note = f"{mine / expected * 1e6:.0f} and {floor / expected * 1e6:.0f} us each; CPU {cpu:.0f} us each; " \
        f"by turn {ratios}"
    nothing = median(idle)
    return [Row(title, db.kind, f"{mine:.2f} s", f"{floor:.2f} s", floor / mine, note),
            Row(f"{what}: nothing due of {shape.wallets:,}", db.kind, f"{nothing * 1e3:.0f} ms",
                note=f"{nothing / mine:.1%} of the full run")]
