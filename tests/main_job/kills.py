"""Kills the program with SIGKILL at seeded random moments: its server during submits, its advances on the way."""

import signal
import threading
import time

from agreement import Disagreement, agree
from clocks import instant
from program import LEASE_PASSES_ON

CALLS = 4
"A kill of the server comes within the time of this many calls after the call for which it was planned."
WATCH = 1200
"Seconds within which an advance must reach the instant at which it is to be killed."
CLOCK = "query Clock { clock { now } }"
RUNNING = "query Running { admin { taskRuns(outcome: RUNNING, first: 20) { nodes { task } } } }"


class ServerKiller:
    """Kills the server from a thread of its own while calls are being sent."""

    def __init__(self, program, kills):
        self.program = program
        self.planned = dict(kills)
        self.timer = None
        self.fired = threading.Event()
        self.done = 0
        self.begun = time.monotonic()

    def before(self, call):
        """Sets the timer when a kill is planned for the call with this number, counted from 1."""
        share = self.planned.get(call)
        if share is None:
            return
        self.settle()
        mean = (time.monotonic() - self.begun) / call
        self.timer = threading.Timer(share * CALLS * mean, self._strike, [self.program.server])
        self.timer.start()

    def settle(self):
        """Waits for a pending kill, and restarts a server that it hit."""
        if self.timer is not None:
            self.timer.join()
            self.timer = None
        if self.fired.is_set():
            agree("exit of the killed server", self.program.server.wait(), -signal.SIGKILL)
            self.fired.clear()
            self.done += 1
            self.program.client.close()
            self.program.start_server()

    def revive(self, gone):
        """Handles a broken connection: restarts the server if it was killed; otherwise nothing may break."""
        if self.timer is None:
            raise Disagreement(f"the connection broke although nobody killed the server: {gone}; "
                               f"{self.program.log_tail()}")
        self.settle()

    def _strike(self, server):
        self.fired.set()
        server.kill()


def advance_with_kills(program, token, kills, end):
    """Advances the clock to `end`; kills the advance on the way, and restarts it each time.

    A kill counts only if it hit on the way: the clock had moved since this advance began, and had not yet
    reached its goal. Returns how many kills there were, and how many left a task's run without an end.
    """
    done = within_runs = 0
    planned = list(kills)
    while planned:
        moment, later = planned.pop(0)
        if _kill_one(program, token, moment, later, end):
            done += 1
            within_runs += bool(program.client.ask(token, RUNNING)["admin"]["taskRuns"]["nodes"])
        elif (now := _now(program, token)) < end:
            # The kill came too late or too early on this machine; a quarter of the rest is another chance.
            planned.insert(0, (now + (end - now) / 4, 0))
    program.advance(end)
    agree("runs of tasks without an end", program.client.ask(token, RUNNING)["admin"]["taskRuns"]["nodes"], [])
    return done, within_runs


def _kill_one(program, token, moment, later, end):
    before = _now(program, token)
    process = _begin(program, token, before, end)
    if not _reached(program, token, process, moment):
        return False
    time.sleep(later)
    process.kill()
    ended = process.wait()
    now = _now(program, token)
    return ended == -signal.SIGKILL and before < now < end


def _begin(program, token, before, end):
    """Starts an advance as soon as the lease of a killed one has expired; returns once the clock has moved."""
    until = time.monotonic() + LEASE_PASSES_ON
    while True:
        process = program.begin_advance(end)
        while process.poll() is None:
            if _now(program, token) > before:
                return process
            time.sleep(0.002)
        if process.returncode == 0:
            return process
        agree("exit code of an advance while another one's lease lasts", process.returncode, 3)
        if time.monotonic() > until:
            raise Disagreement(f"an advance is still refused after {LEASE_PASSES_ON} s")
        time.sleep(0.5)


def _reached(program, token, process, moment):
    """Whether the clock reaches `moment` while the advance runs."""
    until = time.monotonic() + WATCH
    while process.poll() is None:
        now = _now(program, token)
        if now >= moment:
            return True
        if time.monotonic() > until:
            raise Disagreement(f"the clock stands at {now} and did not come to {moment} within {WATCH} s")
        time.sleep(0.002)
    return False


def _now(program, token):
    return instant(program.client.ask(token, CLOCK)["clock"]["now"])
