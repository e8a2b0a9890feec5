"""How long people wait for submitProposal while all wallets are granted, and the memory that the grants take: by a
process of their own, and within the server."""

import json
import threading
import time
from dataclasses import dataclass

import load
import over_http
from dataset import Shape
from program import Void
from table import Row

CONNECTIONS = 8
QUIET = 4_000
"Proposals before the grants begin."

MOST = 24_000
"Proposals for which the wallets of the senders last, those before included."

ADMIN = 999
"The person, by number, who runs the task within the server."

PROMOTION = f"UPDATE accounts SET is_admin = TRUE WHERE email = 'b{ADMIN:08}@bench.example'"
RUN = "mutation { runTask(input: { task: \"monthly-grants\" }) { counts { what count } userErrors { message } } }"


@dataclass
class Grants:
    """A run of the task."""

    seconds: float
    issued: int
    peak_mib: float


def grants(bench, db, wallets):
    """The 99th percentile of proposals during the grants of `wallets`, beside that of a quiet time before."""
    shape = Shape(wallets, 1, "grants")
    posts = max(1_000, MOST // 8)
    over_http.prepare(bench, db, posts, shape)
    db.load("template", [], [PROMOTION])
    quiet_count = min(QUIET, wallets // 10)
    requests = over_http.requests(bench, db, "template", MOST, posts, over_http.SENDERS)
    rows = []
    for whose, begin in (("another process", Beside), ("the server", Within)):
        db.copy("template", "ours")
        db.settle()
        port = bench.program.serve(db.url("ours"))
        try:
            quiet = over_http.drive(port, over_http.dealt(requests[:quiet_count], port, CONNECTIONS))
            task = begin(bench, db, port)
            busy = over_http.drive(port, over_http.dealt(requests[quiet_count:], port, CONNECTIONS), task.has_ended)
            granted = task.end()
        finally:
            bench.program.stop()
        if granted.issued != wallets:
            raise Void(f"{granted.issued} wallets were granted, not {wallets}")
        bench.program.verify(db, "ours")
        db.drop("ours")
        rows += _rows(db, wallets, whose, quiet, busy, granted)
    db.drop("template")
    return rows


class Beside:
    """The task in a process of its own."""

    def __init__(self, bench, db, _):
        self.task = bench.program.begin(db.url("ours"), "task", "run", "monthly-grants", "--json")
        self.has_ended = self.task.has_ended

    def end(self):
        took = self.task.end()
        return Grants(took.seconds, json.loads(took.out)["counts"]["issued"], took.peak_mib)


class Within:
    """The task in the server, asked for by an admin."""

    def __init__(self, bench, db, port):
        request = load.post(port, over_http.tokens(bench, db, "ours", [ADMIN])[0], over_http.body(RUN))
        self.program, self.begun, self.seconds = bench.program, time.perf_counter(), None
        self.thread = threading.Thread(target=self._ask, args=(port, request))
        self.thread.start()

    def _ask(self, port, request):
        self.answer = load.ask(port, request)
        self.seconds = time.perf_counter() - self.begun

    def has_ended(self):
        return not self.thread.is_alive()

    def end(self):
        self.thread.join()
        run = json.loads(self.answer)["data"]["runTask"]
        if run["userErrors"]:
            raise Void(f"the task was refused: {run['userErrors']}")
        issued = sum(int(each["count"]) for each in run["counts"] if each["what"] == "issued")
        return Grants(self.seconds, issued, self.program.server_peak_mib())


def _rows(db, wallets, whose, quiet, busy, granted):
    before, during = (run.percentile(99) for run in (quiet, busy))
    note = f"p99 {during:.1f} ms, quiet {before:.1f} ms; p50 {busy.percentile(50):.1f} and {quiet.percentile(50):.1f} " \
        f"ms; {len(busy.latencies):,} proposals"
    peak = f"peak of its process {granted.peak_mib:.0f} MiB"
    return [Row(f"submitProposal while {whose} grants {wallets:,}, {CONNECTIONS} connections", db.kind,
                f"{busy.rate:,.0f}/s", f"{quiet.rate:,.0f}/s", before / during, note),
            Row("  (the grants)", db.kind, f"{granted.seconds:.1f} s", note=peak)]
