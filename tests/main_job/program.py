"""The program under test: its commands, its server, and ways to kill either."""

import json
import os
import socket
import subprocess
import time

from agreement import Disagreement, agree, shown
from clocks import stamp
from graphql import Client

COMMAND_TIMEOUT = 600
READY_WITHIN = 60
STOP_WITHIN = 30
LEASE_PASSES_ON = 60
"Seconds within which the lease of a killed advance must expire (Q-3)."


class Program:
    """The binary on one database, with a sandbox clock."""

    def __init__(self, binary, database_url, start, folder):
        self.binary = binary
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTS_")}
        self.environment = clean | {
            "DATABASE_URL": database_url,
            "CONNECTS_CLOCK": "sandbox",
            "CONNECTS_SANDBOX_START": stamp(start),
            "CONNECTS_LOG": "warn",
        }
        self.folder = folder
        self.client = None
        self.server = None
        self.children = []
        "All processes that were started and may still run."

    def run(self, *arguments, codes=(0,)):
        """Runs a command to its end; an exit code other than `codes` is a disagreement."""
        if self.client is not None:
            # While a command runs, the server may close an idle connection.
            self.client.close()
        started = self._start(arguments, subprocess.PIPE, subprocess.PIPE)
        try:
            out, err = started.communicate(timeout=COMMAND_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Disagreement(f"`{_words(arguments)}` took over {COMMAND_TIMEOUT} s") from None
        finally:
            self._end(started)
        if started.returncode not in codes:
            raise Disagreement(f"`{_words(arguments)}` exited {started.returncode}, not one of {codes}; "
                               f"stdout: {shown(out)} stderr: {shown(err)}")
        return subprocess.CompletedProcess(arguments, started.returncode, out, err)

    def verify(self):
        """Checks that the whole database has no breach (H-4); returns the digest."""
        done = self.run("verify", "--digest", "--json", codes=(0, 4))
        try:
            report = json.loads(done.stdout)
        except ValueError:
            raise Disagreement(f"`verify --digest --json` printed {shown(done.stdout)}") from None
        agree("breaches found by verify", report["breaches"], [])
        agree("exit code of verify", done.returncode, 0)
        return report["digest"]

    def advance(self, to):
        """Advances the clock; if need be, waits until the lease of a killed advance expires."""
        begun = time.monotonic()
        while True:
            done = self.run("clock", "advance", stamp(to), codes=(0, 3))
            if done.returncode == 0:
                return
            if time.monotonic() - begun > LEASE_PASSES_ON:
                raise Disagreement(f"an advance is still refused after {LEASE_PASSES_ON} s: {shown(done.stderr)}")
            time.sleep(0.5)

    def begin_advance(self, to):
        """Starts advancing the clock and returns the process."""
        return self.begin("clock", "advance", stamp(to))

    def begin(self, *arguments):
        """Starts a command and returns the process."""
        return self._start(arguments, subprocess.DEVNULL, subprocess.DEVNULL)

    def start_server(self):
        """Starts the server on a free port and waits until it is ready."""
        port = free_port()
        with open(os.path.join(self.folder, "server.log"), "ab") as log:
            self.server = self._start(("serve", "--listen", f"127.0.0.1:{port}", "--no-scheduler"), log, log)
        self.client = Client(port)
        until = time.monotonic() + READY_WITHIN
        while not self.client.ready():
            if self.server.poll() is not None:
                raise Disagreement(f"the server exited {self.server.returncode} at its start: {self.log_tail()}")
            if time.monotonic() > until:
                raise Disagreement(f"the server was not ready within {READY_WITHIN} s: {self.log_tail()}")
            time.sleep(0.02)

    def stop_server(self):
        """Asks the server to stop, as an operator would."""
        self.client.close()
        self.server.terminate()
        try:
            agree("exit code of a server that was asked to stop", self.server.wait(STOP_WITHIN), 0)
        except subprocess.TimeoutExpired:
            raise Disagreement(f"the server did not stop within {STOP_WITHIN} s") from None
        self.server = None

    def close(self):
        """Ends all processes that still run."""
        if self.client is not None:
            self.client.close()
        for process in list(self.children):
            self._end(process)

    def log_tail(self):
        """The end of what the server wrote."""
        try:
            with open(os.path.join(self.folder, "server.log"), encoding="utf-8", errors="replace") as log:
                return log.read()[-2000:]
        except OSError:
            return ""

    def _start(self, arguments, out, err):
        command = [self.binary, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, text=True,
                                   env=self.environment, cwd=self.folder)
        self.children = [child for child in self.children if child.poll() is None] + [process]
        return process

    def _end(self, process):
        if process.poll() is None:
            process.kill()
        process.wait()
        self.children = [child for child in self.children if child is not process]


def _words(arguments):
    return shown(" ".join(arguments))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
