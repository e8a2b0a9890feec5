"""The emulator of Stripe, localstripe, as a process of its own: an independent program, whose truth is asked directly."""

import http.client
import json
import subprocess
import sys
import time
from urllib.parse import urlencode

KEY = "sk_test_1234567890"
READY_WITHIN = 30
# It would write all that it knows to a file after each change, and look through all that it knows for each list and, thrice,
# for the refunds of each charge that it shows.
START = """
import collections
import localstripe.resources as r
from localstripe.server import start

kinds, fresh, of_charge = collections.defaultdict(dict), [], collections.defaultdict(list)

def put(store, key, value):
    dict.__setitem__(store, key, value)
    kinds[key.split(":")[0]][key] = value
    if isinstance(value, r.Refund):
        fresh.append(value)

def drop(store, key):
    dict.__delitem__(store, key)
    kinds[key.split(":")[0]].pop(key, None)

def list_all(cls, url, limit=None, starting_after=None, **unknown):
    if unknown:
        raise r.UserError(400, "Unexpected " + ", ".join(unknown))
    found = r.List(url, limit=limit, starting_after=starting_after)
    found._list = list(kinds[cls.object].values())
    return found

def refunds(charge):
    while fresh and hasattr(fresh[-1], "charge"):
        of_charge[fresh[-1].charge].append(fresh.pop())
    found = r.List("/v1/charges/" + charge.id + "/refunds")
    found._list = sorted(of_charge[charge.id], key=lambda one: one.date, reverse=True)
    return found

r.Store.dump_to_disk = lambda store: None
r.Store.__setitem__, r.Store.__delitem__ = put, drop
r.StripeObject._api_list_all = classmethod(list_all)
r.Charge.refunds = property(refunds)
start()
"""


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
