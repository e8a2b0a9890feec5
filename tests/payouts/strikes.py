"""Kills with SIGKILL while payouts go out: one-shot commands, the server, or both; and what they leave."""

import paths  # noqa: F401  # pylint: disable=unused-import

import signal
import time
from concurrent.futures import ThreadPoolExecutor

from agreement import Disagreement, agree
from caller import Caller
from graphql import Gone
from hands import PATIENCE, fine
from program import LEASE_PASSES_ON
from truth import HEARD, PLANNED, UNDER_WAY, UNSENT

RUN = """mutation($t: String!) { done: runTask(input: { task: $t }) { run { outcome } userErrors { code } } }"""
ADVANCE = "mutation($to: DateTime!) { done: advanceClock(input: { to: $to }) { to userErrors { code } } }"
REFUSED = 3
AGAIN = 0.25
"Seconds between two looks whether the lease of a killed process has passed on."
MOMENT = 0.001
EARLY, EARLY_WITHIN = 0.2, 0.15
"The share of kills that come before anything has gone out, and the seconds within which they do."
WITHIN_A_BATCH = 0.05
"Seconds within which a kill comes after the transfer that was waited for."


class Strikes:
    """Kills processes that pay."""

    def __init__(self, program, truth, dice, tally):
        self.program, self.truth, self.dice, self.tally = program, truth, dice, tally
        self.admin, self.pool = None, ThreadPoolExecutor(1)

    def command(self, *words, more=0, is_split=False):
        """Kills a one-shot command: after some transfers of those that are planned, and of `more` that it plans; or, if it
        plans them in two transactions, between the two."""
        comes, until = self._between if is_split else self._comes(more), time.monotonic() + LEASE_PASSES_ON
        while (ended := self._kill(comes, words)) == REFUSED:
            must_pass(until, words)
        agree(f"whether `{' '.join(words)}` ended well or was killed", ended in (0, -signal.SIGKILL), True)
        self._count(" ".join(words[:3] if words[0] == "task" else words[:2]), ended != 0)
        self.look()

    def _kill(self, comes, words):
        process = self._begin(*words)
        if self._watch(comes, lambda: process.poll() is not None):
            process.kill()
        return process.wait()

    def server(self, task):
        """Kills the server after some transfers while it runs a task."""
        self._kill_server(task, RUN, t=task)

    def server_in_advance(self, to, more):
        """Kills the server after some transfers while it moves the clock."""
        self._kill_server("an advance", ADVANCE, more, to=to)

    def _kill_server(self, what, document, more=0, **asked):
        comes, run = self._comes(more), self._in_server(document, **asked)
        hit = self._watch(comes, run.done)
        self.program.server.kill()
        run.result()
        self._count(f"server in {what}", hit)
        self.revive(what)

    def both(self, words, task):
        """Kills a one-shot command and the server, which pay at the same time, or one of them; the other one goes on."""
        comes, run, process = self._comes(0), self._in_server(RUN, t=task), self._begin(*words)
        hit = self._watch(comes, lambda: run.done() and process.poll() is not None)
        doomed = self.dice.choice(("server", "command", "both"))
        if doomed != "command":
            self.program.server.kill()
        if doomed != "server":
            process.kill()
        code = process.wait()
        run.result()
        agree(f"whether `{' '.join(words)}` ended well or was killed", code in (0, REFUSED, -signal.SIGKILL), True)
        self._count(f"of two at once: {doomed}", hit)
        if doomed == "command":
            self.look()
        else:
            self.revive(task)

    def _comes(self, more):
        """Says when a kill comes: once so many transfers more are known, or, if this is None, early."""
        wait = self.truth.number(UNSENT) + more
        if not wait or self.dice.random() < EARLY:
            return None
        goal = self.truth.number(HEARD) + self.dice.randrange(wait)
        return lambda: self.truth.number(HEARD) > goal and WITHIN_A_BATCH

    def _between(self):
        return self.truth.number(PLANNED) and MOMENT

    def _watch(self, comes, has_ended):
        """Waits for the instant of a kill, which is random; whether it came."""
        until = time.monotonic() + (PATIENCE if comes else self.dice.random() * EARLY_WITHIN)
        while not has_ended() and time.monotonic() < until:
            within = comes and comes()
            time.sleep(self.dice.random() * within if within else MOMENT)
            if within:
                break
        # The next process shall find the database as a killed one leaves it.
        self.truth.close()
        return not has_ended()

    def _count(self, what, hit):
        self.tally[f"kills: {what}" if hit else "kills that came too late"] += 1

    def revive(self, what):
        """Starts a server that was killed, and looks at what it has left."""
        agree("exit of the killed server", self.program.server.wait(), -signal.SIGKILL)
        self.program.client.close()
        self.program.start_server()
        self.tally[f"restarts after {what}"] += 1
        self.look()

    def look(self):
        """What a killed process has left must agree with the provider's own truth, and with the books."""
        for what in self.truth.caught():
            self.tally[f"kills that left some {what}"] += 1
        self.truth.must_hold()
        agree("the journal's sums", self.truth.journal(), (0, 0, 0))
        self.truth.close()
        self.program.verify()

    def _in_server(self, document, **asked):
        """Has the server do something, as soon as the lease of a killed process has passed on, or until it is killed."""
        return self.pool.submit(self._run, Caller(self.program.client.port, timeout=PATIENCE), document, asked)

    def _run(self, caller, document, asked):
        until = time.monotonic() + LEASE_PASSES_ON
        try:
            while is_busy(done := caller.ask(self.admin, document, **asked)["done"]):
                must_pass(until, asked)
            fine(f"what the server does: {asked}", done, **({"run": {"outcome": "SUCCEEDED"}} if "t" in asked else {}))
        except Gone:
            self.tally["runs that were not answered"] += 1
        finally:
            caller.close()

    def together(self, words, task):
        """The server and a one-shot command pay at the same time, and come to their end."""
        run = self._in_server(RUN, t=task)
        self.resume(*words)
        run.result()
        self.program.client.close()
        self.tally["two processes at once"] += 1

    def resume(self, *words):
        """Runs a command to its end, as soon as the lease of a killed process has passed on; what it printed."""
        until = time.monotonic() + LEASE_PASSES_ON
        while (done := self.program.run(*words, codes=(0, REFUSED))).returncode == REFUSED:
            must_pass(until, f"{' '.join(words)}: {done.stderr}")
        return done.stdout

    def is_under_way(self):
        """Whether the provider is still to say something."""
        return self.truth.number(UNDER_WAY) > 0

    def _begin(self, *words):
        self.program.client.close()
        return self.program.begin(*words)


def is_busy(done):
    """Whether something was refused because another process holds its lease."""
    return [one["code"] for one in done["userErrors"]] == ["BUSY"]


def must_pass(until, what):
    """Waits a moment for the lease of a killed process to pass on, which it does in time."""
    if time.monotonic() > until:
        raise Disagreement(f"still refused after {LEASE_PASSES_ON} s: {what}")
    time.sleep(AGAIN)
