"""The server under attack: its commands, its process, and what the process uses."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import paths  # noqa: F401  # pylint: disable=unused-import
from breach import Breach, shown
from databases import Postgres, Sqlite

READY_WITHIN = 120
STOP_WITHIN = 40
COMMAND_TIMEOUT = 900
TICKS = os.sysconf("SC_CLK_TCK")


class Target:
    """The binary on a new database with the demo's people."""

    def __init__(self, binary, folder, database, settings):
        self.binary = os.path.abspath(binary)
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTS_")}
        self.secret = os.urandom(32).hex()
        "The secret that signs tokens."
        self.environment = clean | {"DATABASE_URL": database.url, "CONNECTS_CLOCK": "sandbox",
                                    "CONNECTS_SECRET": self.secret} | settings
        self.log = os.path.join(folder, "server.log")
        self.process = None
        self.port = None

    def start(self, *flags):
        """Serves the demo on a free port; reads the port from the server's output."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--demo", "--listen", "127.0.0.1:0", *flags], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment, cwd=self.folder)
        until = time.monotonic() + READY_WITHIN
        for line in self.process.stdout:
            if line.startswith("GraphQL on http://"):
                self.port = int(line.split("/")[2].rpartition(":")[2])
                return
            if time.monotonic() > until:
                break
        raise Breach(f"the server did not say where it listens: {self.log_tail()}")

    def run(self, *arguments, codes=(0,)):
        """Returns what a command printed; an exit code other than `codes` is a breach."""
        done = subprocess.run([self.binary, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=COMMAND_TIMEOUT, env=self.environment, cwd=self.folder, check=False)
        if done.returncode not in codes:
            raise Breach(f"`{shown(' '.join(arguments))}` exited {done.returncode}: {shown(done.stderr)}")
        return done.stdout

    def tokens(self, emails):
        """Bearer tokens by e-mail address."""
        found = {}
        for first in range(0, len(emails), 200):
            some = emails[first:first + 200]
            lines = self.run("token", *(word for email in some for word in ("--email", email))).split()
            found.update(zip(some, lines, strict=True))
        return found

    def demo(self):
        """Tokens of the demo's people, by the first part of their addresses."""
        return {one["email"].split("@")[0]: one["token"] for one in json.loads(self.run("demo", "--json"))}

    def verify(self):
        """Checks that the whole ledger has no breach (H-4); returns its digest."""
        report = json.loads(self.run("verify", "--digest", "--json", codes=(0, 4)))
        if report["breaches"]:
            raise Breach(f"verify found {shown(report['breaches'])}")
        return report["digest"]

    def is_alive(self):
        """Whether the process is still running."""
        return self.process.poll() is None

    def cpu_ms(self):
        """CPU time that the process has used, in milliseconds."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICKS

    def reset_peak(self):
        """Resets the highest memory use, and returns the current one in megabytes."""
        with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="utf-8") as file:
            file.write("5")
        return self._memory("VmRSS")

    def peak_mb(self):
        """The highest memory use since `reset_peak`, in megabytes."""
        return self._memory("VmHWM")

    def _memory(self, name):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith(f"{name}:"))
        return int(line.split()[1]) / 1024

    def log_tail(self):
        """The end of what the server wrote."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-3000:]

    def stop(self):
        """Asks the server to stop, as an operator would; it must stop cleanly."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            raise Breach(f"the server did not stop within {STOP_WITHIN} s") from None
        if code != 0:
            raise Breach(f"the server exited {code}: {self.log_tail()}")

    def close(self):
        """Ends the process if it still runs."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            self.process.stdout.close()


@contextmanager
def target(binary, *flags, postgres=None, **settings):
    """A started server, with these settings, on a database of its own: a SQLite file, or one on the server `postgres`. Both are
    removed afterwards."""
    # A script that is ended from outside still ends its server and cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    folder = tempfile.mkdtemp(prefix="connects-hostile-")
    database = Postgres(postgres, "hostile") if postgres else Sqlite(folder, "connects")
    database.create()
    server = Target(binary, folder, database, settings)
    try:
        server.start(*flags)
        yield server
    finally:
        server.close()
        database.drop()
        shutil.rmtree(folder, ignore_errors=True)
