"""The binary under measurement: its commands, timed, and its server."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass

from dataset import BORN

READY_WITHIN = 30
STOP_WITHIN = 40


class Void(Exception):
    """The figure is void."""


@dataclass(frozen=True)
class Took:
    """The figures of a command."""

    seconds: float
    cpu: float
    peak_mib: float
    out: str


class Running:
    """A command that runs."""

    def __init__(self, process, words):
        self.process, self.words, self.begun = process, words, time.perf_counter()
        self.seconds = None

    def has_ended(self):
        """Whether it has; looked at from time to time, this is when."""
        if self.seconds is None and os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            self.seconds = time.perf_counter() - self.begun
        return self.seconds is not None

    def end(self):
        """Waits for the end; an exit code other than 0 makes the run void."""
        out, err = self.process.stdout.read(), self.process.stderr.read()
        _, status, used = os.wait4(self.process.pid, 0)
        seconds = self.seconds or time.perf_counter() - self.begun
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        self.process.stderr.close()
        if self.process.returncode != 0:
            said = (out + err).strip()[-500:]
            raise Void(f"`connects {' '.join(self.words[:3])}` exited {self.process.returncode}: {said}")
        return Took(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out)


class Program:
    """A copy of the binary, so that another build does not change it half way."""

    def __init__(self, binary, folder):
        self.binary = os.path.join(folder, "connects")
        shutil.copy2(binary, self.binary)
        self.folder = folder
        self.server = None

    def run(self, url, *arguments):
        """Runs a command to its end; an exit code other than 0 makes the run void."""
        return self.begin(url, *arguments).end()

    def begin(self, url, *arguments):
        """Starts a command."""
        process = subprocess.Popen([self.binary, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=_environment(url), cwd=self.folder)
        return Running(process, arguments)

    def verify(self, db, name, digest=False):
        """Makes the figure void if the ledger has a breach; returns the digest if asked for."""
        words = ["verify", "--digest"] if digest else ["verify"]
        return self.run(db.url(name), *words).out.splitlines()[-1]

    def serve(self, url, **settings):
        """Starts the server, with more settings as they are called in the environment; returns its port."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(os.path.join(self.folder, "server.log"), "wb") as log:
            words = [self.binary, "serve", "--no-scheduler", "--listen", f"127.0.0.1:{port}"]
            self.server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                           env=_environment(url) | settings, cwd=self.folder)
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    return port
            except OSError as error:
                if self.server.poll() is not None or time.monotonic() > until:
                    raise Void(f"the server did not come up: {error}") from None
                time.sleep(0.01)

    def server_cpu(self):
        """CPU seconds of the server so far."""
        return cpu_of(self.server.pid)

    def server_written(self):
        """Bytes that the server has written to files so far."""
        with open(f"/proc/{self.server.pid}/io", encoding="ascii") as io:
            return int(next(line for line in io if line.startswith("write_bytes")).split()[1])

    def server_peak_mib(self):
        """The highest memory use of the server so far."""
        with open(f"/proc/{self.server.pid}/status", encoding="ascii") as status:
            peak = next(line for line in status if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024

    def stop(self):
        """Asks the server to stop, and waits until it has."""
        if self.server is None:
            return
        server, self.server = self.server, None
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def cpu_of(pid):
    """CPU seconds of a process so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment(url):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTS_")}
    return clean | {"DATABASE_URL": url, "CONNECTS_CLOCK": "sandbox", "CONNECTS_SANDBOX_START": BORN,
                    "CONNECTS_METRICS_LISTEN": "none", "CONNECTS_SECRET": "the benchmark's secret is not secret"}
