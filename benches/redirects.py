"""Over HTTP: clicks on affiliates' links, beside a handler of the same server that always answers the same.

Each click is by a new browser from a network of its own, as a proxy would say in a header, so all of them count and are
written. A robot's clicks are not: they cost a redirect that only reads.
"""

from itertools import count
from statistics import median

import brought
import over_http
from load import get
from program import Void
from table import Row

CONNECTIONS = (32, 256)
LINKS = 100
NETWORKS = count()
"One for each request to any server."

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROBOT = "Mozilla/5.0 (compatible; Examplebot/2.1)"

KINDS = {
    "counted": ("/r/", BROWSER, 302, b"set-cookie: connects_click="),
    "robot": ("/r/", ROBOT, 302, b"location: /"),
    "constant": ("/livez", BROWSER, 200, b'"ok"'),
}
"The path, the program that asks, and the answer: its status and what it contains."


def clicks(bench, db, requests):
    """Clicks that count, a robot's clicks and the constant answer in turn, at each number of connections."""
    db.fresh("template")
    bench.program.run(db.url("template"), "migrate")
    brought.market(db, "template", 0, 0, LINKS)
    port = bench.program.serve(db.url("template"), CONNECTS_TRUSTED_PROXIES="127.0.0.1")
    took, wrote = {(kind, links): [] for links in CONNECTIONS for kind in KINDS}, {links: [] for links in CONNECTIONS}
    try:
        for _ in range(bench.rounds):
            for kind, links in took:
                before = _written(bench, db)
                took[kind, links].append(_turn(bench, db, port, kind, requests, links))
                if kind == "counted":
                    wrote[links].append((_written(bench, db) - before) / requests)
    finally:
        bench.program.stop()
    counted = [run for (kind, _), runs in took.items() for run, _ in runs if kind == "counted"]
    _proven(bench, db, sum(len(run.latencies) for run in counted))
    db.drop("template")
    return [row for links in CONNECTIONS for row in _rows(db, took, links, median(wrote[links]))]


def _turn(bench, db, port, kind, requests, connections):
    """The load, and the CPU of each request."""
    path, agent, status, good = KINDS[kind]
    codes = brought.codes(0, LINKS)
    made = []
    for k in range(requests):
        where = path + codes[k % LINKS] if status == 302 else path
        made.append(get(port, where, user_agent=agent, x_forwarded_for=_address(next(NETWORKS))))
    plans = [made[at::connections] for at in range(connections)]
    return over_http.measured(bench, db, port, plans, good, status)


def _address(k):
    return f"10.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}"


def _written(bench, db):
    """Bytes that were written so far: SQLite writes in the server's process."""
    return bench.program.server_written() if db.kind == "sqlite" else db.written()[0]


def _proven(bench, db, expected):
    bench.program.verify(db, "template")
    there = int(db.rows("template", "SELECT COUNT(*) FROM clicks")[0][0])
    if there != expected:
        raise Void(f"there are {there} clicks, not {expected}")


def _rows(db, took, connections, wrote):
    title = f"GET /r/{{code}}, {connections} connections, beside GET /livez"
    row = _row(db, title, took["counted", connections], took["constant", connections],
               f"; {wrote / 1024:.1f} KiB written/op")
    return [row, _row(db, "  (a robot's, which only reads)", took["robot", connections], took["constant", connections])]


def _row(db, title, ours, constant, more=""):
    rate, floor = (median(run.rate for run, _ in runs) for runs in (ours, constant))
    cpu, floors = (median(cpu for _, cpu in runs) for runs in (ours, constant))
    p50, p99 = (median(run.percentile(p) for run, _ in ours) for p in (50, 99))
    ratios = ", ".join(f"{mine.rate / theirs.rate:.2f}" for (mine, _), (theirs, _) in zip(ours, constant))
    note = f"p50 {p50:.1f}, p99 {p99:.1f} ms; CPU {cpu:.0f} and {floors:.0f} us/op{more}; by turn {ratios}"
    return Row(title, db.kind, f"{rate:,.0f}/s", f"{floor:,.0f}/s", rate / floor, note)
