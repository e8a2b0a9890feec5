"""Many requests at once, while which the server may be killed."""

import paths  # noqa: F401  # pylint: disable=unused-import

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from agreement import Disagreement, agree
from caller import Caller
from graphql import Gone

HANDS = 8
PATIENCE = 600


class Hands:
    """Sends requests of many people to the server of `program`."""

    def __init__(self, program, dice, tally, revive):
        self.program, self.dice, self.tally, self.revive = program, dice, tally, revive
        "`revive` starts a server that was killed, and looks at what it left."
        self.usual = 0.02

    def ask(self, token, document, **variables):
        """The answer to one request; meanwhile the server may have closed a connection that nobody used."""
        self.program.client.close()
        return self.program.client.ask(token, document, **variables)

    def send(self, token, document, kill=False, **variables):
        """What one mutation with a key answers; if it is to be killed, it is sent once more to the next server."""
        if kill:
            self._kill_within(token, document, variables)
        begun = time.monotonic()
        done = self.ask(token, document, **variables)["done"]
        self.usual = time.monotonic() - begun
        return done

    def all(self, jobs, kill=False):
        """The answers to many mutations, in order, each as token, document and variables.

        If the server is to be killed, all of them are sent once more to the next one, so they must have keys, and what was
        answered before must be answered again.
        """
        answers = self._all(jobs, self.dice.randrange(len(jobs)) if kill else None)
        if not kill:
            return answers
        self.revive("requests")
        again = self._all(jobs, None)
        agree("answers before and after a kill", [one["done"]["payout"]["id"] for one in answers if one],
              [other["done"]["payout"]["id"] for one, other in zip(answers, again) if one])
        self.tally["answered before a kill"] += sum(one is not None for one in answers)
        return again

    def _all(self, jobs, kill_after):
        """The answers, in order; if the server is killed after so many of them, the others are missing."""
        round_ = Round(jobs, self.program, kill_after)
        with ThreadPoolExecutor(HANDS) as pool:
            for hand in [pool.submit(round_.work) for _ in range(HANDS)]:
                hand.result()
        return round_.answers

    def _kill_within(self, token, document, variables):
        doomed = Caller(self.program.client.port, timeout=PATIENCE)
        body = json.dumps({"query": document, "variables": variables})

        def ask():
            try:
                doomed._post(token, body.encode())  # pylint: disable=protected-access
                self.tally["plans answered before a kill"] += 1
            except Gone:
                pass

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(self.dice.random() * 2 * self.usual)
        self.program.server.kill()
        thread.join()
        doomed.close()
        self.revive("plans")


class Round:
    """Many requests, of which several hands take the next one each."""

    def __init__(self, jobs, program, kill_after):
        self.jobs, self.program, self.kill_after = jobs, program, kill_after
        self.answers, self.numbers = [None] * len(jobs), iter(range(len(jobs)))
        self.lock, self.answered = threading.Lock(), -1
        self._count()

    def work(self):
        """What one hand does."""
        caller = Caller(self.program.client.port, timeout=PATIENCE)
        try:
            while (number := self._next()) is not None:
                token, document, variables = self.jobs[number]
                self.answers[number] = caller.ask(token, document, **variables) if token else caller.visit(document, variables)
                self._count()
        except Gone:
            if self.kill_after is None:
                raise
        finally:
            caller.close()

    def _next(self):
        with self.lock:
            return next(self.numbers, None)

    def _count(self):
        with self.lock:
            self.answered += 1
            if self.answered == self.kill_after:
                self.program.server.kill()


def fine(what, done, **expected):
    """Something was done, and is answered like this."""
    if done["userErrors"]:
        raise Disagreement(f"{what} is refused: {done['userErrors']}")
    agree(what, {name: done[name] for name in expected}, expected)
    return done
