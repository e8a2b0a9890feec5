"""Over HTTP: submitProposal, a balance, and pages of a long history."""

import json
import uuid
from base64 import urlsafe_b64encode
from statistics import median

import dataset
import load
import spends
from dataset import DEEP, HOT, Shape
from program import Void
from table import Row

LIMIT = 300
"Seconds after which a run of requests is abandoned."

CONNECTIONS = (1, 32, 128, 256)
"Of submitProposal."

FLOOR_CONNECTIONS = 32
"The most of its floor, which gains nothing from more."

HOT_CONNECTIONS = 32
"Of submitProposal by few wallets."

READERS = (4, 32)
WALLETS = 10_000
SENDERS = range(997)
"The wallets, by number, that send proposals; each has 60 Connects or more."

PAGE = 20

GOOD = b'"userErrors":[]'
"Part of the answer to a proposal that was accepted."

SUBMIT = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) " \
    "{ proposal { id } availableAfter userErrors { message } } }"
BALANCE = "{ viewer { wallets { nodes { available } } } }"
HISTORY = "query($after: String) { viewer { wallets { nodes { history(first: 20, after: $after) " \
    "{ nodes { kind quantity availableAfter effectiveAt reason } pageInfo { endCursor } } } } } }"


def submits(bench, db, count):
    """submitProposal and its floor in turn on copies of one database, at each number of connections."""
    count -= count % max(CONNECTIONS)
    posts = max(1_000, count // 8)
    prepare(bench, db, posts)
    rows = []
    for connections in CONNECTIONS:
        spent = max(max(CONNECTIONS), count // (1 if connections > 1 else 8))
        runs = [_turn(bench, db, spent, posts, connections, SENDERS) for _ in range(bench.rounds)]
        plural = "" if connections == 1 else "s"
        rows.append(_submit_row(db, f"submitProposal, {connections} connection{plural}", spent, runs))
    if db.kind == "sqlite":
        rows.append(_grouped_row(bench, db, count, posts))
    db.drop("template")
    return rows


def hot(bench, db, count):
    """As `submits`, by few wallets, which every batch has in common."""
    count -= count % HOT_CONNECTIONS
    posts = max(1_000, count // 8)
    prepare(bench, db, posts)
    runs = [_turn(bench, db, count, posts, HOT_CONNECTIONS, HOT) for _ in range(bench.rounds)]
    db.drop("template")
    return [_submit_row(db, f"submitProposal, {len(HOT)} wallets, {HOT_CONNECTIONS} connections", count, runs)]


def reads(bench, db, count):
    """A balance, and the first and the fiftieth page of a history of 1,203 rows, in turn; each connection reads its own."""
    prepare(bench, db, 1)
    port = bench.program.serve(db.url("template"))
    try:
        whose = readers_tokens(bench, db)
        last = _cursor(port, whose[0], 49)
        bodies = {"balance": body(BALANCE), "history, page 1": body(HISTORY),
                  "history, page 50": body(HISTORY, after=last)}
        took = {(name, readers): [] for readers in READERS for name in bodies}
        for _ in range(bench.rounds):
            for name, readers in took:
                plans = [[load.post(port, token, bodies[name])] * (count // readers) for token in whose[:readers]]
                took[name, readers].append(measured(bench, db, port, plans, b'"nodes":[{'))
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


def prepare(bench, db, posts, shape=Shape(WALLETS)):
    """Makes the template, with the keys that sign tokens, so that all copies have the same."""
    db.fresh("template")
    bench.program.run(db.url("template"), "migrate")
    dataset.fill(db, "template", shape, posts)
    bench.program.verify(db, "template")
    tokens(bench, db, "template", range(1))


def _turn(bench, db, count, posts, connections, senders):
    """submitProposal on a copy of the template, and its floor on another."""
    db.copy("template", "ours")
    db.settle()
    ours = _submit(bench, db, count, posts, connections, senders)
    _proven(bench, db, "ours", count)
    db.drop("ours")
    db.copy("template", "floor")
    db.settle()
    theirs = _floor(db, count, posts, min(connections, FLOOR_CONNECTIONS), senders)
    _proven(bench, db, "floor", count)
    db.drop("floor")
    return ours, theirs


def readers_tokens(bench, db):
    """The tokens of the people with a long history, one for each connection that reads."""
    return tokens(bench, db, "template", DEEP)


def tokens(bench, db, name, people):
    """The tokens of people by number."""
    emails = [word for i in people for word in ("--email", f"b{i:08}@bench.example")]
    return bench.program.run(db.url(name), "token", *emails).out.split()


def body(query, **variables):
    """The body of a request."""
    return json.dumps({"query": query, "variables": variables}).encode()


def _proposal(job, key):
    return body(SUBMIT, input={"jobPostId": job, "expectedConnects": spends.PRICE, "coverLetter": "Hello",
                               "idempotencyKey": key})


def _submit(bench, db, count, posts, connections, senders):
    """The load, and the CPU, the bytes and the flushes of each proposal, and the server's peak."""
    plan = requests(bench, db, "ours", count, posts, senders)
    before = db.written()
    port = bench.program.serve(db.url("ours"))
    try:
        plans = dealt(plan, port, connections)
        run, cpu = measured(bench, db, port, plans, GOOD)
        wrote, peak = bench.program.server_written(), bench.program.server_peak_mib()
    finally:
        bench.program.stop()
    # SQLite writes in the server's process. A backend of PostgreSQL has told all when it has ended.
    wrote = (wrote,) if db.kind == "sqlite" else [now - then for now, then in zip(db.written(), before)]
    return run, cpu, [amount / count for amount in wrote], peak


def requests(bench, db, name, count, posts, senders, said=None):
    """The token and the body of each proposal, or of what else is `said` about a job post under a key."""
    token_of, jobs = dict(zip(senders, tokens(bench, db, name, senders))), dataset.post_ids(posts)
    made = []
    for k in range(count):
        person, post = spends.pair(k, senders, posts)
        job = urlsafe_b64encode(f"JobPost:{uuid.UUID(bytes=jobs[post])}".encode()).rstrip(b"=").decode()
        made.append((token_of[person], (said or _proposal)(job, str(k))))
    return made


def dealt(made, port, connections):
    """The requests of each connection."""
    return [[load.post(port, whose, body) for whose, body in made[at::connections]] for at in range(connections)]


def measured(bench, db, port, plans, good, status=200):
    """Drives `plans`; returns the load and the CPU microseconds of server and database per request."""
    before = bench.program.server_cpu() + db.cpu()
    run = load.drive(port, plans, good, LIMIT, status=status)
    cpu = (bench.program.server_cpu() + db.cpu() - before) / len(run.latencies)
    return run, cpu * 1e6


def drive(port, plans, has_ended=None):
    """Sends proposals, all of them or until something has ended."""
    return load.drive(port, plans, GOOD, LIMIT, has_ended)


def _floor(db, count, posts, connections, senders):
    if db.kind == "sqlite":
        return spends.sqlite(db, "floor", count, senders, posts)
    return spends.postgres(db, "floor", count, senders, posts, connections)


def _proven(bench, db, name, expected):
    bench.program.verify(db, name)
    there = int(db.rows(name, "SELECT COUNT(*) FROM proposals")[0][0])
    if there != expected:
        raise Void(f"there are {there} proposals, not {expected}")


def _cursor(port, whose, pages):
    """The cursor behind page number `pages`."""
    after = None
    for _ in range(pages):
        answer = json.loads(load.ask(port, load.post(port, whose, body(HISTORY, after=after))))
        history = answer["data"]["viewer"]["wallets"]["nodes"][0]["history"]
        if len(history["nodes"]) != PAGE:
            raise Void(f"a page has {len(history['nodes'])} rows, not {PAGE}")
        after = history["pageInfo"]["endCursor"]
    return after


def _submit_row(db, title, count, turns):
    ours, theirs = zip(*turns)
    rate, floor = median(run.rate for run, *_ in ours), median(run.rate for run in theirs)
    ratios = ", ".join(f"{run.rate / raw.rate:.2f}" for (run, *_), raw in turns)
    p50, p99 = (median(run.percentile(p) for run, *_ in ours) for p in (50, 99))
    raw50, raw99 = (median(run.percentile(p) for run in theirs) for p in (50, 99))
    cpu, peak = median(cpu for _, cpu, *_ in ours), max(peak for *_, peak in ours)
    wrote = [median(each) for each in zip(*(wrote for *_, wrote, _ in ours))]
    disk = f"{wrote[0] / 1024:.1f} KiB" + (f" and {wrote[1]:.2f} flushes" if len(wrote) > 1 else "")
    note = f"{count:,} each; p50 {p50:.1f}, p99 {p99:.1f} ms; floor p50 {raw50:.1f}, p99 {raw99:.1f} ms; " \
        f"CPU {cpu:.0f} us/op; {disk} written/op; peak {peak:.0f} MiB; by turn {ratios}"
    return Row(title, db.kind, f"{rate:,.0f}/s", f"{floor:,.0f}/s", rate / floor, note)


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
