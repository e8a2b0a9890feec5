"""The wire between the server and the emulator, on which things go wrong.

It also has what the emulator lacks: idempotency keys, disputes, and events at our own time.
"""

import hashlib
import hmac
import http.client
import json
import random
import threading
import time
import urllib.parse
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "whsec_of_the_wire"
FAULTS = ("cut before", "cut after", "silence before", "silence after", "500 before", "500 after", "429", "409",
          "half an answer", "502 in HTML")
"What goes wrong with a request; after means that the emulator has done what was asked."
EVENTS = ("once", "none", "twice", "late", "forged", "replayed", "contradictory")
"What becomes of an event."
MISSED = b'{"error": {"type": "api_error", "message": "Something went wrong."}}'


class Wire(ThreadingHTTPServer):
    """Listens to the server, and speaks to the emulator at `port` and to the server's webhook at `hook`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, seed, silence):
        super().__init__(("127.0.0.1", 0), Handler)
        self.emulator, self.silence = port, silence
        self.dice, self.lock = random.Random(seed), threading.Lock()
        self.odds = 0.0
        "How often something goes wrong."
        self.hook = None
        self.tally = Counter()
        self.kept, self.under_way = {}, set()
        "Answers by idempotency key."
        self.disputes, self.late = [], []
        self.lists = {"disputes": self.disputes, "payment_intents": [], "refunds": []}
        "What is listed since some time, the newest first."
        self.local = threading.local()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Says nothing of connections that the server gave up, or that died with it."""

    def fate(self):
        """What goes wrong with the next request, if anything."""
        with self.lock:
            if self.dice.random() >= self.odds:
                return None
            fault = self.dice.choice(FAULTS)
            self.tally[fault] += 1
            return fault

    def forward(self, method, path, body, headers):
        """Asks the emulator; status and body."""
        for attempt in (0, 1):
            if getattr(self.local, "connection", None) is None:
                self.local.connection = http.client.HTTPConnection("127.0.0.1", self.emulator, timeout=60)
            try:
                self.local.connection.request(method, path, body, headers)
                answer = self.local.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # An idle connection that it had closed; nothing was asked.
                self.local.connection = None
                if attempt:
                    raise
        return None

    def take_lists(self, emulator):
        """Takes over what the emulator lists: it cannot be asked since when, and is too slow for a request of the server."""
        for what in ("payment_intents", "refunds"):
            self.lists[what] = sorted(emulator.all(what), key=lambda one: (-one["created"], one["id"]))

    def dispute(self, intent):
        """A bank takes a payment back, or a part of it."""
        left = intent["amount"] - intent["refunded"]
        amount = self.dice.choice((left, self.dice.randint(1, left)))
        self.disputes.insert(0, {"object": "dispute", "id": f"dp_{len(self.disputes)}", "payment_intent": intent["id"],
                                 "amount": amount, "currency": "usd", "created": int(time.time()),
                                 "balance_transactions": [{"amount": -amount}]})
        self.tell(self.disputes[0])

    def win(self, dispute):
        """A bank gives back what it had taken."""
        dispute["balance_transactions"].append({"amount": dispute["amount"]})
        self.tell(dispute)

    def tell(self, thing):
        """An event about something that happened, or not, or not as it was."""
        with self.lock:
            how = self.dice.choice(EVENTS) if self.odds else "once"
            self.tally[f"event {how}"] += 1
        event = {"id": f"evt_{self.tally.total()}_{thing['id']}", "data": {"object": thing}}
        if how == "contradictory":
            event["data"]["object"] = {**thing, "status": "requires_payment_method" if thing["object"] ==
                                       "payment_intent" else "failed"}
        body = json.dumps(event).encode()
        if how == "late":
            with self.lock:
                self.late.append(body)
                old = self.late.pop(0) if len(self.late) > 20 else None
            if old:
                self.send(old)
        elif how == "forged":
            self.send(body, secret="whsec_guessed", expected=400)
        elif how == "replayed":
            self.send(body, at=time.time() - 3600, expected=400)
        elif how != "none":
            for _ in range(2 if how == "twice" else 1):
                self.send(body)

    def send(self, body, secret=SECRET, at=None, expected=None):
        """Sends an event to the server."""
        at = int(at or time.time())
        signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"stripe-signature": f"t={at},v1={signature}", "content-type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.hook, timeout=60)
        try:
            connection.request("POST", "/webhooks/stripe", body, headers)
            status = connection.getresponse().status
        except OSError:
            # The server was killed.
            return
        finally:
            connection.close()
        if expected and status != expected or status not in (200, 400, 503):
            self.tally["WRONG ANSWERS TO EVENTS"] += 1


class Handler(BaseHTTPRequestHandler):
    """One connection of the server."""

    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self):
        """Reads."""
        return self._relay(None)

    def _read(self):
        """What is read: of disputes the emulator knows nothing, and of lists only all at once."""
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if "created[gte]" in query:
            things = self.server.lists[url.path.removeprefix("/v1/")]
            since = int(query["created[gte]"])
            return self._page([one for one in things if one["created"] >= since], query)
        if url.path.startswith("/v1/disputes/"):
            name = url.path.removeprefix("/v1/disputes/")
            found = next((one for one in self.server.disputes if one["id"] == name), None)
            return (200, json.dumps(found).encode()) if found else (404, b'{"error": {}}')
        headers = {"authorization": self.headers["authorization"]}
        return self.server.forward("GET", self.path, None, headers)

    def _page(self, things, query):
        after = query.get("starting_after")
        at = next((n + 1 for n, one in enumerate(things) if one["id"] == after), 0)
        page = {"data": things[at:at + 100], "has_more": len(things) > at + 100}
        return 200, json.dumps(page).encode()

    def do_POST(self):
        """Changes."""
        return self._relay(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Says nothing."""

    def _relay(self, body):
        # Of a list of hundreds of pages all would have to arrive, so only the first may be lost.
        wire, fate = self.server, None if "starting_after" in self.path else self.server.fate()
        if fate == "cut before":
            return self._cut()
        if fate == "silence before":
            time.sleep(wire.silence)
            return self._cut()
        if fate == "429":
            return self._answer(429, MISSED)
        if fate == "409":
            return self._answer(409, b'{"error": {"code": "idempotency_key_in_use"}}')
        if fate == "502 in HTML":
            return self._answer(502, b"<html>Bad Gateway</html>")
        if fate == "500 before":
            return self._answer(500, MISSED)
        answer = self._read() if body is None else self._once(body, MISSED if fate == "500 after" else None)
        if fate == "500 after" and body is None:
            answer = 500, MISSED
        if fate == "cut after":
            return self._cut()
        if fate == "silence after":
            time.sleep(wire.silence)
            return self._cut()
        if fate == "half an answer":
            self.close_connection = True
            self._answer(answer[0], answer[1][:len(answer[1]) // 2])
            return None
        return self._answer(*answer)

    def _once(self, body, instead):
        """Asks the emulator, once for each key; as Stripe does, a 500 is what is remembered, too."""
        wire, key = self.server, self.headers.get("idempotency-key")
        with wire.lock:
            if key in wire.kept:
                return wire.kept[key]
            if key in wire.under_way:
                return 409, b'{"error": {"code": "idempotency_key_in_use"}}'
            if key:
                wire.under_way.add(key)
        headers = {name: self.headers[name] for name in ("authorization", "content-type") if self.headers[name]}
        try:
            status, text = wire.forward(self.command, self.path, body, headers)
            answer = (500, instead) if instead else (status, text)
            wire.kept.update({key: answer} if key else {})
        finally:
            wire.under_way.discard(key)
        if status == 200 and body is not None:
            self._tell(json.loads(text))
        return answer

    def _tell(self, thing):
        is_over = thing["object"] == "payment_intent" and thing["status"] in ("succeeded", "requires_payment_method")
        if is_over or thing["object"] == "refund":
            threading.Thread(target=self.server.tell, args=(thing,), daemon=True).start()

    def _answer(self, status, text):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _cut(self):
        self.close_connection = True
        self.connection.close()
