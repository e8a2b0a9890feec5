"""The server as people reach it: GraphQL from many networks, and links that browsers follow."""

import http.client
import itertools
import json
import os
import random
import socket
import time

from agreement import Disagreement, shown
from graphql import Client, Gone
from program import READY_WITHIN, Program

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PORTS = (45_001, 60_000)
LIMITS = ("GUESSES_PER_ACCOUNT", "GUESSES_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS", "MAILS_PER_ADDRESS")
SETTINGS = {
    # Everybody says by which network they come, because one network may click and register only so often.
    "TRUSTED_PROXIES": "127.0.0.1",
    "METRICS_LISTEN": "none",
    "SIGN_IN__ANSWER_FLOOR_MS": "0",
    "SIGN_IN__ARGON2_MEMORY_KIB": "64",
    "SIGN_IN__ARGON2_PASSES": "1",
    "SIGN_IN__ACCESS_MINUTES": "600",
    **{f"SIGN_IN__{limit}__TIMES": "1000" for limit in LIMITS},
    **{f"SIGN_IN__{limit}__MINUTES": "1" for limit in LIMITS},
}


NETWORKS = itertools.count(1)


def another_network():
    """An address in a network that nobody has used."""
    number = next(NETWORKS)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Caller(Client):
    """Asks the server, each time from another network."""

    def _request(self, method, path, body, headers):
        return super()._request(method, path, body, {**headers, "x-forwarded-for": another_network()})

    def visit(self, document, variables, cookie=None):
        """The `data` of the answer to somebody who is not signed in, from a browser with this cookie."""
        headers = {"content-type": "application/json", **({"cookie": cookie} if cookie else {})}
        body = json.dumps({"query": document, "variables": variables}).encode()
        status, text = self._request("POST", "/graphql", body, headers)
        answer = json.loads(text)
        if "errors" in answer:
            raise Disagreement(f"HTTP {status}: GraphQL errors to {shown(variables)}: {shown(answer['errors'])}")
        return answer["data"]

    def follow(self, path, cookie=None, agent=BROWSER, network=None, **headers):
        """Follows a link, from some network or from one of its own: status, where it leads, and the cookie that it sets."""
        headers["x-forwarded-for"] = network or another_network()
        headers |= {"user-agent": agent} | ({"cookie": cookie} if cookie else {})
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError) as error:
            raise Gone(f"{type(error).__name__}: {error}") from None
        finally:
            asked.close()
        cookie = answer.getheader("set-cookie")
        return answer.status, answer.getheader("location"), cookie and cookie.split(";")[0]


class YearProgram(Program):
    """The program, with limits that admit a crowd."""

    def __init__(self, binary, database_url, start, folder):
        super().__init__(binary, database_url, start, folder)
        self.environment |= {f"CONNECTS_{name}": value for name, value in SETTINGS.items()}
        self.environment["CONNECTS_MAIL__FOLDER"] = os.path.join(folder, "mail")

    def start_server(self):
        """Starts the server on a port and waits until it is ready."""
        until = time.monotonic() + READY_WITHIN
        while not self._serves(free_port(), until):
            if time.monotonic() > until:
                raise Disagreement(f"the server was not ready within {READY_WITHIN} s: {self.log_tail()}")

    def _serves(self, port, until):
        """Whether the server gets ready at a port, which somebody else may use."""
        with open(os.path.join(self.folder, "server.log"), "ab") as log:
            self.server = self._start(("serve", "--listen", f"127.0.0.1:{port}", "--no-scheduler"), log, log)
        self.client = Caller(port)
        while time.monotonic() < until and self.server.poll() is None:
            if self.client.ready() and self.server.poll() is None:
                return True
            time.sleep(0.02)
        return False


def free_port():
    """A port that nobody uses now."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
