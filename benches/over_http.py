"""Over HTTP: submitProposal, a balance, and pages of a long history."""

import json
import uuid
from base64 import urlsafe_b64encode
from statistics import median

import dataset
import load
import spends
from dataset import Shape
from program import Void
from table import Row

LIMIT = 60
"Seconds after which a run of requests is abandoned."

CONNECTIONS = (1, 32, 128, 256)
"Of submitProposal."

FLOOR_CONNECTIONS = 32
"The most of its floor, which gains nothing from more."

READERS = (4, 32)
WALLETS = 10_000
SENDERS = 997
"Wallets that send proposals; each has 60 Connects."

PAGE = 20

SUBMIT = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) " \
    "{ proposal { id } availableAfter userErrors { message } } }"
BALANCE = "{ viewer { wallets { nodes { available } } } }"
HISTORY = "query($after: String) { viewer { wallets { nodes { history(first: 20, after: $after) " \
    "{ nodes { kind quantity availableAfter effectiveAt reason } pageInfo { endCursor } } } } } }"


def submits(bench, db, count):
    """submitProposal and its floor in turn on copies of one database, at each number of connections."""
    count -= count % max(CONNECTIONS)
    posts = max(1_000, count // 8)
    _prepare(bench, db, posts)
    # Makes the keys that sign tokens, so that all copies have the same.
    _tokens(bench, db, 1)
    rows = []
    for connections in CONNECTIONS:
        spent = max(max(CONNECTIONS), count // (1 if connections > 1 else 8))
        ours, theirs = [], []
        for _ in range(bench.rounds):
            db.copy("template", "ours")
            db.settle()
            ours.append(_submit(bench, db, spent, posts, connections))
            _proven(bench, db, "ours", spent)
            db.drop("ours")
            db.copy("template", "floor")
            db.settle()
            theirs.append(_floor(db, spent, posts, min(connections, FLOOR_CONNECTIONS)))
            _proven(bench, db, "floor", spent)
            db.drop("floor")
        rows.append(_submit_row(db, connections, spent, ours, theirs))
    if db.kind == "sqlite":
        rows.append(_grouped_row(bench, db, count, posts))
    db.drop("template")
    return rows


def reads(bench, db, count):
    """A balance, and the first and the fiftieth page of a history of 1,203 rows, in turn."""
    _prepare(bench, db, 1)
    port = bench.program.serve(db.url("template"))
    try:
        token = _tokens(bench, db, 1)[0]
        last = _cursor(port, token, 49)
        bodies = {"balance": _body(BALANCE), "history, page 1": _body(HISTORY),
                  "history, page 50": _body(HISTORY, after=last)}
        took = {(name, readers): [] for readers in READERS for name in bodies}
        for _ in range(bench.rounds):
            for name, readers in took:
                plan = [load.post(port, token, bodies[name])] * (count // readers)
                took[name, readers].append(_measured(bench, db, port, [plan] * readers, b'"nodes":[{'))
        peak = bench.program.server_peak_mib()
    finally:
        bench.program.stop()
    bench.program.verify(db, "template")
    db.drop("template")
    cpu = {what: median(cpu for _, cpu in runs) for what, runs in took.items()}
    rows = [_read_row(db, f"{name}, {readers} connections", took[name, readers], cpu[name, readers])
            for name, readers in took]
    deeper = cpu["history, page 50", READERS[0]] / cpu["history, page 1", READERS[0]]
    rows.append(Row("  (page 50 / page 1, by CPU)", db.kind, f"{deeper:.2f} x",
                    note=f"server's peak {peak:.0f} MiB"))
    return rows


def _prepare(bench, db, posts):
    db.fresh("template")
    bench.program.run(db.url("template"), "migrate")
    dataset.fill(db, "template", Shape(WALLETS), posts)
    bench.program.verify(db, "template")


def _tokens(bench, db, count):
    emails = [word for i in range(count) for word in ("--email", f"b{i:08}@bench.example")]
    return bench.program.run(db.url("template"), "token", *emails).out.split()


def _body(query, **variables):
    return json.dumps({"query": query, "variables": variables}).encode()


def _submit(bench, db, count, posts, connections):
    tokens, jobs = _tokens(bench, db, min(count, SENDERS)), dataset.post_ids(posts)
    port = bench.program.serve(db.url("ours"))
    try:
        plans = [[] for _ in range(connections)]
        for k in range(count):
            person, post = spends.pair(k, SENDERS, posts)
            job = urlsafe_b64encode(f"JobPost:{uuid.UUID(bytes=jobs[post])}".encode()).rstrip(b"=").decode()
            given = {"jobPostId": job, "expectedConnects": spends.PRICE, "coverLetter": "Hello",
                     "idempotencyKey": str(k)}
            plans[k % connections].append(load.post(port, tokens[person], _body(SUBMIT, input=given)))
        run, cpu = _measured(bench, db, port, plans, b'"userErrors":[]')
        return run, cpu, bench.program.server_peak_mib()
    finally:
        bench.program.stop()


def _floor(db, count, posts, connections):
    if db.kind == "sqlite":
        return spends.sqlite(db, "floor", count, SENDERS, posts)
    return spends.postgres(db, "floor", count, SENDERS, posts, connections)


def _measured(bench, db, port, plans, good):
    """Drives `plans`; returns the load and the CPU microseconds of server and database per request."""
    before = bench.program.server_cpu() + db.cpu()
    run = load.drive(port, plans, good, LIMIT)
    cpu = (bench.program.server_cpu() + db.cpu() - before) / len(run.latencies)
    return run, cpu * 1e6


def _proven(bench, db, name, expected):
    bench.program.verify(db, name)
    there = int(db.rows(name, "SELECT COUNT(*) FROM proposals")[0][0])
    if there != expected:
        raise Void(f"there are {there} proposals, not {expected}")


def _cursor(port, token, pages):
    """The cursor behind page number `pages`."""
    after = None
    for _ in range(pages):
        answer = json.loads(load.ask(port, load.post(port, token, _body(HISTORY, after=after))))
        history = answer["data"]["viewer"]["wallets"]["nodes"][0]["history"]
        if len(history["nodes"]) != PAGE:
            raise Void(f"a page has {len(history['nodes'])} rows, not {PAGE}")
        after = history["pageInfo"]["endCursor"]
    return after


def _submit_row(db, connections, count, ours, theirs):
    rate, floor = median(run.rate for run, _, _ in ours), median(run.rate for run in theirs)
    turns = ", ".join(f"{run.rate / raw.rate:.2f}" for (run, _, _), raw in zip(ours, theirs))
    p50, p99 = (median(run.percentile(p) for run, _, _ in ours) for p in (50, 99))
    raw50, raw99 = (median(run.percentile(p) for run in theirs) for p in (50, 99))
    cpu, peak = median(cpu for _, cpu, _ in ours), max(peak for _, _, peak in ours)
    plural = "" if connections == 1 else "s"
    note = f"{count:,} each; p50 {p50:.1f}, p99 {p99:.1f} ms; floor p50 {raw50:.1f}, p99 {raw99:.1f} ms; " \
        f"CPU {cpu:.0f} us/op; peak {peak:.0f} MiB; by turn {turns}"
    return Row(f"submitProposal, {connections} connection{plural}", db.kind, f"{rate:,.0f}/s", f"{floor:,.0f}/s",
               rate / floor, note)


def _grouped_row(bench, db, count, posts):
    db.copy("template", "floor")
    run = spends.sqlite(db, "floor", count, SENDERS, posts, per_commit=32)
    _proven(bench, db, "floor", count)
    db.drop("floor")
    return Row("  (the floor with 32 spends a commit)", db.kind, "", f"{count / run.seconds:,.0f}/s")


def _read_row(db, name, runs, cpu):
    rate = median(run.rate for run, _ in runs)
    p50, p99 = (median(run.percentile(p) for run, _ in runs) for p in (50, 99))
    return Row(name, db.kind, f"{rate:,.0f}/s", note=f"p50 {p50:.2f}, p99 {p99:.2f} ms; CPU {cpu:.0f} us/op")
