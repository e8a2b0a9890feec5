"""How long people wait for submitProposal while all wallets are granted, and the memory that the grants take."""

import json

import over_http
from dataset import Shape
from program import Void
from table import Row

CONNECTIONS = 8
QUIET = 4_000
"Proposals before the grants begin."

MOST = 24_000
"Proposals for which the wallets of the senders last, those before included."


def grants(bench, db, wallets):
    """The 99th percentile of proposals during the grants of `wallets`, beside that of a quiet time before."""
    shape = Shape(wallets, 1, "grants")
    posts = max(1_000, MOST // 8)
    over_http.prepare(bench, db, posts, shape)
    quiet_count = min(QUIET, wallets // 10)
    requests = over_http.requests(bench, db, "template", MOST, posts, over_http.SENDERS)
    port = bench.program.serve(db.url("template"))
    try:
        quiet = over_http.drive(port, over_http.dealt(requests[:quiet_count], port, CONNECTIONS))
        task = bench.program.begin(db.url("template"), "task", "run", "monthly-grants", "--json")
        busy = over_http.drive(port, over_http.dealt(requests[quiet_count:], port, CONNECTIONS), task.has_ended)
    finally:
        bench.program.stop()
    took = task.end()
    issued = json.loads(took.out)["counts"]["issued"]
    if issued != wallets:
        raise Void(f"{issued} wallets were granted, not {wallets}")
    bench.program.verify(db, "template")
    db.drop("template")
    return [_row(db, wallets, quiet, busy), Row(f"grants of {wallets:,} meanwhile", db.kind, f"{took.seconds:.1f} s",
                                                note=f"peak of its process {took.peak_mib:.0f} MiB")]


def _row(db, wallets, quiet, busy):
    before, during = (run.percentile(99) for run in (quiet, busy))
    note = f"p99 {during:.1f} ms, quiet {before:.1f} ms; p50 {busy.percentile(50):.1f} and {quiet.percentile(50):.1f} " \
        f"ms; {len(busy.latencies):,} proposals"
    return Row(f"submitProposal while {wallets:,} are granted, {CONNECTIONS} connections", db.kind,
               f"{busy.rate:,.0f}/s", f"{quiet.rate:,.0f}/s", before / during, note)
