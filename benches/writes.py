"""Over HTTP: reportJobPost, for the writes that no queue makes one set of."""

from statistics import median

import over_http
from table import Row

CONNECTIONS = (1, 32, 128)
POSTS = 1_000

REPORT = "mutation($input: ReportJobPostInput!) { reportJobPost(input: $input) { userErrors { message } } }"


def reports(bench, db, count):
    """reportJobPost, each of a post that its person has not reported yet, at each number of connections."""
    over_http.prepare(bench, db, POSTS)
    rows = [_row(db, connections, [_turn(bench, db, count, connections) for _ in range(bench.rounds)])
            for connections in CONNECTIONS]
    db.drop("template")
    return rows


def _turn(bench, db, count, connections):
    """The load, and the CPU and the bytes of each report."""
    db.copy("template", "ours")
    db.settle()
    requests = over_http.requests(bench, db, "ours", count, POSTS, over_http.SENDERS, _report)
    before = db.written()
    port = bench.program.serve(db.url("ours"))
    try:
        plans = over_http.dealt(requests, port, connections)
        run, cpu = over_http.measured(bench, db, port, plans, over_http.GOOD)
        wrote = bench.program.server_written()
    finally:
        bench.program.stop()
    bench.program.verify(db, "ours")
    # As for proposals, SQLite writes in the server's process.
    wrote = wrote if db.kind == "sqlite" else db.written()[0] - before[0]
    db.drop("ours")
    return run, cpu, wrote / count


def _report(job, key):
    return over_http.body(REPORT, input={"jobPostId": job, "reason": "SPAM", "idempotencyKey": key})


def _row(db, connections, turns):
    runs, cpu, wrote = zip(*turns)
    p50, p99 = (median(run.percentile(p) for run in runs) for p in (50, 99))
    note = f"p50 {p50:.1f}, p99 {p99:.1f} ms; CPU {median(cpu):.0f} us/op; {median(wrote) / 1024:.1f} KiB written/op"
    plural = "" if connections == 1 else "s"
    rate = median(run.rate for run in runs)
    return Row(f"reportJobPost, {connections} connection{plural}", db.kind, f"{rate:,.0f}/s", note=note)
