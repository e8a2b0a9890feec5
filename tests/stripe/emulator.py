"""The emulator of Stripe, localstripe, as a process of its own: an independent program, whose truth is asked directly."""

import http.client
import json
import subprocess
import sys
import time
from urllib.parse import urlencode

KEY = "sk_test_1234567890"
READY_WITHIN = 30
# It would write all that it knows to a file after each change.
START = ("import localstripe.resources as r; r.Store.dump_to_disk = lambda self: None; "
         "from localstripe.server import start; start()")


class Emulator:
    """localstripe on a port."""

    def __init__(self, port):
        self.port = port
        self.process = subprocess.Popen([sys.executable, "-c", START, "--port", str(port), "--from-scratch"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        """Waits until it answers."""
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                return self.ask("GET", "/v1/customers")
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("localstripe does not start; `pip install localstripe` first") from None
                time.sleep(0.05)

    def ask(self, method, path, **form):
        """Asks it something."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            return json.loads(answer.read())
        finally:
            connection.close()

    def card(self, number):
        """The name of a new card with this number."""
        return self.ask("POST", "/v1/payment_methods", **{
            "type": "card", "card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2035",
            "card[cvc]": "123"})["id"]

    def all(self, what):
        """All objects of a kind."""
        return self.ask("GET", f"/v1/{what}?limit=10000000")["data"]

    def close(self):
        """Ends it."""
        self.process.kill()
        self.process.wait()
