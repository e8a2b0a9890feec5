"""A GraphQL client on one keep-alive connection."""

import http.client
import json
import time
from decimal import Decimal

from agreement import Disagreement, shown

TIMEOUT = 30
PATIENCE = 20
"Seconds for which a server that is busy is asked again."


class Gone(Exception):
    """The connection broke before the answer had arrived."""


class Client:
    """Asks the server at `port` of this machine."""

    def __init__(self, port, timeout=TIMEOUT):
        self.port, self.timeout = port, timeout
        self.connection = None
        self.busy = 0
        "How often the server said that it was too busy."

    def close(self):
        """Closes the connection; the next request opens a new one."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def ask(self, token, document, **variables):
        """Returns the `data` of the answer; any top-level error is a disagreement.

        A server that is too busy has done nothing, and says so; it is asked again for a while.
        """
        until = time.monotonic() + PATIENCE
        body = json.dumps({"query": document, "variables": variables}).encode()
        while True:
            answer = self._post(token, body)
            errors = answer.get("errors")
            if not errors:
                return answer["data"]
            code = errors[0].get("extensions", {}).get("code")
            if code != "SERVICE_UNAVAILABLE" or time.monotonic() > until:
                raise Disagreement(f"GraphQL errors to {shown(variables)}: {shown(errors)}")
            self.busy += 1
            time.sleep(0.1)

    def refuses(self, token, document):
        """Whether the server does not know whose token this is."""
        answer = self._post(token, json.dumps({"query": document}).encode())
        return [error["extensions"]["code"] for error in answer.get("errors", [])] == ["UNAUTHENTICATED"]

    def ready(self):
        """Whether the server says that it is ready."""
        try:
            return self._request("GET", "/readyz", None, {})[0] == 200
        except Gone:
            return False

    def _post(self, token, body):
        headers = {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        status, text = self._request("POST", "/graphql", body, headers)
        try:
            answer = json.loads(text, parse_float=Decimal)
        except ValueError:
            raise Disagreement(f"HTTP {status} without JSON: {shown(text)}") from None
        if "data" not in answer and "errors" not in answer:
            raise Disagreement(f"HTTP {status} that is no GraphQL answer: {shown(answer)}")
        return answer

    def _request(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return response.status, response.read()
        except TimeoutError:
            self.close()
            raise Disagreement(f"{method} {path} was not answered within {self.timeout} s") from None
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise Gone(f"{type(error).__name__}: {error}") from None


def pages(client, token, document, path, **variables):
    """All nodes of the connection at `path` of `document`, which takes `$after`, page by page."""
    after = None
    while True:
        found = client.ask(token, document, after=after, **variables)
        for name in path:
            found = found[name]
        yield from found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]
