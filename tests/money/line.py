"""The line to the server: requests, while some of which the server is killed."""

import json
import threading
import time
from collections import Counter

from graphql import Client as Asker
from graphql import Gone

REMEMBERED = 0.9
"How much of the usual time of a mutation comes from earlier ones, and not from the last."


class Line:
    """Sends requests to the server of `program`, and kills it when that is due."""

    def __init__(self, program, dice):
        self.program, self.dice = program, dice
        self.kills_due = 0
        self.usual = 0.01
        "The seconds that a mutation takes; a kill comes within them."
        self.tally = Counter()

    def ask(self, person, document, **variables):
        """The answer to a query."""
        return self.program.client.ask(person.token, document, **variables)

    def send(self, person, document, variables, is_lost=False):
        """What a mutation answers; when a kill is due, it is sent twice, and the server killed meanwhile.

        If its outcome is lost, the answer depends on how often it is sent: no kill then.
        """
        if self.kills_due and not is_lost:
            self.kills_due -= 1
            self._kill_within(person, document, variables)
        begun = time.monotonic()
        done = self.ask(person, document, **variables)["done"]
        self.usual = REMEMBERED * self.usual + (1 - REMEMBERED) * (time.monotonic() - begun)
        return done

    def _kill_within(self, person, document, variables):
        body = json.dumps({"query": document, "variables": variables}).encode()
        doomed = Asker(self.program.client.port)

        def ask():
            try:
                doomed._post(person.token, body)  # pylint: disable=protected-access
                self.tally["answered before the kill"] += 1
            except Gone:
                pass

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(self.dice.random() * self.usual)
        self.program.server.kill()
        self.program.server.wait()
        thread.join()
        doomed.close()
        self.program.client.close()
        self.program.start_server()
        self.tally["kills"] += 1
