"""The line to the server: GraphQL with or without a token, and the program with people's settings."""

import paths  # noqa: F401  # pylint: disable=unused-import

import json
import os
import time
from decimal import Decimal

from agreement import Disagreement, shown
from graphql import PATIENCE, Client
from program import Program

AGAIN_AFTER = 0.1
LIMITS = ("GUESSES_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS", "MAILS_PER_ADDRESS")
"Everyone registers and signs in from this machine, so these limits are raised."
SETTINGS = {
    # Nobody here guesses passwords.
    "SIGN_IN__ANSWER_FLOOR_MS": "0",
    "SIGN_IN__ARGON2_MEMORY_KIB": "64",
    "SIGN_IN__ARGON2_PASSES": "1",
    # A season takes a few minutes of wall time; its access tokens should expire on the way.
    "SIGN_IN__ACCESS_MINUTES": "1",
}


class Line(Client):
    """Asks the server; returns a code when it refuses the whole request."""

    def try_ask(self, token, document, variables):
        """(`data`, code of the first top-level error); asks a server that is busy again for a while."""
        until = time.monotonic() + PATIENCE
        headers = {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        body = json.dumps({"query": document, "variables": variables}).encode()
        while True:
            status, text = self._request("POST", "/graphql", body, headers)
            try:
                answer = json.loads(text, parse_float=Decimal)
            except ValueError:
                raise Disagreement(f"HTTP {status} without JSON: {shown(text)}") from None
            errors = answer.get("errors")
            if not errors:
                return answer["data"], None
            code = errors[0].get("extensions", {}).get("code")
            if code == "UNAUTHENTICATED":
                return None, code
            if code != "SERVICE_UNAVAILABLE" or time.monotonic() > until:
                raise Disagreement(f"GraphQL errors to {shown(variables)}: {shown(errors)}")
            self.busy += 1
            time.sleep(AGAIN_AFTER)


class SeasonProgram(Program):
    """The program with a folder for mails, and with limits that admit a crowd."""

    def __init__(self, binary, database_url, start, folder):
        super().__init__(binary, database_url, start, folder)
        self.mail_folder = os.path.join(folder, "mail")
        settings = SETTINGS | {"MAIL__FOLDER": self.mail_folder}
        for limit in LIMITS:
            settings |= {f"SIGN_IN__{limit}__TIMES": "1000", f"SIGN_IN__{limit}__MINUTES": "15"}
        self.environment |= {f"CONNECTS_{name}": value for name, value in settings.items()}

    def start_server(self):
        """Starts the server as in the main job, with our own client."""
        super().start_server()
        self.client.close()
        self.client = Line(self.client.port)
