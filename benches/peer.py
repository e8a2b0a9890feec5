"""The same reads by a peer, PostGraphile, on the same tables: it asks nobody who they are, and nothing but the tables."""

import os
import socket
import subprocess
import time
from statistics import median

import load
import over_http
from dataset import DEEP, people_ids
from program import Void, cpu_of
from table import Row

PACKAGE = "postgraphile@4.14.1"
READY_WITHIN = 60
BALANCE = "query($w: UUID!) { walletById(id: $w) { available } }"
HISTORY = "query($w: UUID!) { walletById(id: $w) { entriesByWalletId(first: 20, orderBy: [PRIMARY_KEY_DESC]) { nodes " \
    "{ kind availableChange availableAfter effectiveAt documentKind documentId } pageInfo { endCursor } } } }"


def reads(bench, db, count):
    """A balance and a page of history, by Connects and by the peer in turn."""
    over_http.prepare(bench, db, 1)
    wallets = [wallet.hex() for _, wallet in people_ids(DEEP[-1] + 1)[DEEP[0]:]]
    port = bench.program.serve(db.url("template"))
    peer = Peer(bench.program.folder, db.url("template"))
    try:
        tokens = over_http.readers_tokens(bench, db)
        ours = {"balance": over_http.BALANCE, "history, page 1": over_http.HISTORY}
        theirs = {"balance": BALANCE, "history, page 1": HISTORY}
        rows = []
        for name in ours:
            for readers in over_http.READERS:
                turns = []
                for _ in range(bench.rounds):
                    asked = [load.post(port, token, over_http.body(ours[name])) for token in tokens]
                    mine = _run(db, asked[:readers], port, count, bench.program.server_cpu)
                    asked = [load.post(peer.port, "none", over_http.body(theirs[name], w=wallet)) for wallet in wallets]
                    turns.append((mine, _run(db, asked[:readers], peer.port, count, peer.cpu)))
                rows.append(_row(db, f"{name}, {readers} connections, beside {PACKAGE}", turns))
    finally:
        peer.stop()
        bench.program.stop()
    db.drop("template")
    return rows


class Peer:
    """A PostGraphile, installed and started in `folder`."""

    def __init__(self, folder, url):
        home = os.path.join(folder, "peer")
        os.makedirs(home, exist_ok=True)
        install = ["npm", "install", "--prefix", home, "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
        subprocess.run(install, check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        cli = os.path.join(home, "node_modules", "postgraphile", "cli.js")
        words = ["node", cli, "-c", url, "-s", "public", "-n", "127.0.0.1", "-p", str(self.port),
                 "--disable-query-log", "--disable-graphiql"]
        with open(os.path.join(home, "log"), "wb") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home,
                                            env=os.environ | {"NODE_ENV": "production"})
        until = time.monotonic() + READY_WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise Void("the peer did not come up")
            time.sleep(0.1)

    def cpu(self):
        """CPU seconds so far."""
        return cpu_of(self.process.pid)

    def stop(self):
        """Ends it."""
        self.process.kill()
        self.process.wait()

    def _answers(self):
        try:
            asked = load.post(self.port, "none", b'{"query":"{ __typename }"}')
            return b"Query" in load.ask(self.port, asked)
        except (OSError, Void):
            return False


def _run(db, asked, port, count, cpu):
    """The load, with a connection for each of `asked`, and CPU microseconds of server and database per request."""
    plans = [[one] * (count // len(asked)) for one in asked]
    before = cpu() + db.cpu()
    run = load.drive(port, plans, b'"available', over_http.LIMIT)
    return run, (cpu() + db.cpu() - before) / len(run.latencies) * 1e6


def _row(db, title, turns):
    rate, peer = (median(side.rate for side, _ in sides) for sides in zip(*turns))
    cpu, peers = (median(cpu for _, cpu in sides) for sides in zip(*turns))
    ratios = ", ".join(f"{mine.rate / theirs.rate:.2f}" for (mine, _), (theirs, _) in turns)
    note = f"CPU {cpu:.0f} and {peers:.0f} us/op; by turn {ratios}"
    return Row(title, db.kind, f"{rate:,.0f}/s", f"{peer:,.0f}/s", rate / peer, note)
