"""One of the workers of `generate.py`: sends its requests in order, judges each answer, counts what it saw."""

import http.client
import json
import random
import time
from collections import Counter

from asking import Asking
from breach import Breach, must, shown
from judge import check_text
from roles import BAD, OPERATORS, gather
from shapes import check_shape
from values import instant

TIMEOUT = 60
WEIGHTS = {"visitor": 1, "forged": 0.4, "foreign": 0.4, "unsigned": 0.4}
"How often a role asks, against 2 for people who are signed in."
REFUSED = {"UNAUTHENTICATED", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "QUERY_TOO_COMPLEX",
           "BAD_USER_INPUT",
           "OPERATION_RESOLUTION_FAILURE", "PAYLOAD_TOO_LARGE", "BAD_REQUEST"}
DOOR = ("register", "verifyEmail", "requestEmailVerification", "requestPasswordReset", "resetPassword",
        "signIn", "refreshSession", "signOut")
"Mutations that visitors may use."
MOST_BREACHES = 20
SLOW = 5.0
"Seconds after which a request counts as slow; tasks and the clock may take longer."


class Player:
    """Worker number `number`; what it asks follows from the seed, its number, and the ids it has met."""

    def __init__(self, number, seed, port, schema, tokens, pools):
        self.number, self.seed, self.port, self.schema, self.tokens = number, seed, port, schema, tokens
        self.pools = {kind: list(ids) for kind, ids in pools.items()}
        self.roles = list(tokens)
        self.weights = [WEIGHTS.get(role, 2) for role in self.roles]
        self.connection = None
        self.now = None
        self.outcomes, self.breaches, self.slowest = Counter(), [], (0.0, "")

    def play(self, first, last):
        """Plays requests `first` to `last` of this worker."""
        for index in range(first, last):
            if len(self.breaches) >= MOST_BREACHES:
                return
            if index % 50 == 0 or self.now is None:
                self._read_clock()
            dice = random.Random(f"{self.seed}/{self.number}/{index}")
            role = dice.choices(self.roles, self.weights)[0]
            request = Asking(self.schema, dice, self.pools, self.now).request()
            accept = dice.choice(("application/json", "application/graphql-response+json"))
            label = request.label
            body = {"query": request.document(), "variables": request.variables}
            if request.name is not None:
                body["operationName"] = request.name
            try:
                code = self._ask(request, role, body, accept, label)
            except Breach as no:
                code = "BREACH"
                self.breaches.append({"index": index, "worker": self.number, "role": role, "accept": accept,
                                      "operation": label,
                                      "breach": str(no), "request": json.dumps(body)})
            self.outcomes[label, code] += 1

    def _ask(self, request, role, body, accept, label):
        data = json.dumps(body).encode()
        headers = {"content-type": "application/json", "accept": accept}
        if self.tokens[role]:
            headers["authorization"] = f"Bearer {self.tokens[role]}"
        begun = time.monotonic()
        status, kind, text = self._post(data, headers)
        took = time.monotonic() - begun
        if took > self.slowest[0] and not label.startswith(("advanceClock", "runTask")):
            self.slowest = (took, f"{label} as {role}: {shown(json.dumps(body))}")
        try:
            answer = json.loads(text)
        except ValueError:
            raise Breach(f"HTTP {status} without JSON: {shown(text)}") from None
        return self._judge(request, role, answer, status, kind, text.decode())

    def _judge(self, request, role, answer, status, kind, text):
        errors = answer.get("errors") if isinstance(answer, dict) else None
        codes = {error.get("extensions", {}).get("code") for error in errors or ()}
        must(status < 500, lambda: f"HTTP {status}: {shown(text)}")
        must("INTERNAL_SERVER_ERROR" not in codes, lambda: f"a fault of the server: {shown(text)}")
        must(kind.startswith(("application/json", "application/graphql-response+json")), f"JSON as {kind}")
        if errors:
            check_text(json.dumps(errors))
        try:
            check_shape(self.schema, request, answer)
        except Breach as no:
            raise Breach(f"{no}\n    answer: {shown(text)}") from None
        data = answer.get("data")
        if role in BAD:
            must(data is None and codes <= REFUSED | {"SERVICE_UNAVAILABLE"}, lambda: f"a bad token got {shown(text)}")
        if role == "visitor" and request.kind == "mutation" and not request.label.startswith(DOOR):
            must(not data or not any(data.values()), lambda: f"a visitor changed something: {shown(text)}")
        if role not in OPERATORS and data:
            must(not data.get("admin"), lambda: f"{role} sees what is for admins: {shown(text)}")
        gather(data, self.pools)
        if errors:
            return errors[0]["extensions"]["code"]
        refused = next((one for value in data.values() if isinstance(value, dict) for one in value.get("userErrors")
                        or ()), None)
        return refused.get("code", "REFUSED") if refused else "DATA"

    def _read_clock(self):
        _, _, text = self._post(b'{"query":"{ clock { now } }"}', {"content-type": "application/json"})
        self.now = instant(json.loads(text)["data"]["clock"]["now"])

    def _post(self, data, headers):
        is_fresh = self.connection is None
        if is_fresh:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            self.connection.request("POST", "/graphql", data, headers)
            response = self.connection.getresponse()
            return response.status, response.getheader("content-type", ""), response.read()
        except TimeoutError:
            self._hang_up()
            raise Breach(f"no answer within {TIMEOUT} s") from None
        except (http.client.HTTPException, OSError) as error:
            self._hang_up()
            # An idle connection may be closed by the server, before it answers anything; a fresh one must not break.
            if is_fresh or not isinstance(error, (http.client.RemoteDisconnected, BrokenPipeError)):
                raise Breach(f"the connection broke: {type(error).__name__}: {error}") from None
            return self._post(data, headers)

    def _hang_up(self):
        self.connection.close()
        self.connection = None
