#!/usr/bin/env python3
"""Races for a session: many devices refresh with one token at the same moment, again and again.

Each race must leave exactly one successor, one generation further, and the same one for every device that took
part. A device that lost the answer gets it again. At the end a thief uses an old token: the session ends for both.

The last line is a JSON object. Exits with 1 at a breach, with 2 on wrong usage.

    refresh.py --binary target/release/connects --count 10000
"""

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from breach import Breach, must, say, shown
from target import target
from wire import ask

PASSWORD = "a horse in winter"
EMAIL = "races@hostile.example"
REGISTER = """mutation($i: RegisterInput!) { done: register(input: $i) { mailSent userErrors { code } } }"""
SIGN_IN = """mutation($i: SignInInput!) { done: signIn(input: $i) {
  tokens { accessToken refreshToken } userErrors { code } } }"""
REFRESH = """mutation($i: RefreshSessionInput!) { done: refreshSession(input: $i) {
  tokens { accessToken refreshToken } userErrors { code } } }"""
RACERS = 4
RACES_OF_A_SESSION = 250


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--count", type=int, default=10_000, help="races, default %(default)s")
    parser.add_argument("--postgres", metavar="URL", help="a server to make the database on; SQLite by default")
    return parser.parse_args()


class Session:
    """A signed-in person and the races for their session."""

    def __init__(self, server, pool):
        self.server, self.pool = server, pool
        tokens = self.change(SIGN_IN, {"email": EMAIL, "password": PASSWORD})["tokens"]
        self.tokens = [tokens["refreshToken"]]
        "Every refresh token of this session, oldest first."
        self.access = tokens["accessToken"]

    def change(self, document, made):
        """The payload of a mutation."""
        answer = ask(self.server.port, {"query": document, "variables": {"i": made}}).json()
        must("errors" not in answer, lambda: f"an error: {shown(answer)}")
        return answer["data"]["done"]

    def refresh(self, token):
        """What a refresh with `token` returns."""
        return self.change(REFRESH, {"refreshToken": token})

    def race(self, number):
        """All devices refresh with the newest token at once."""
        answers = list(self.pool.map(self.refresh, [self.tokens[-1]] * RACERS))
        given = {answer["tokens"]["refreshToken"] for answer in answers if answer["tokens"]}
        must(all(answer["tokens"] for answer in answers), lambda: f"race {number}: somebody lost: {shown(answers)}")
        must(len(given) == 1, lambda: f"race {number} has {len(given)} successors")
        successor = given.pop()
        must(int(successor.split(".")[2]) == len(self.tokens), lambda: f"race {number} skipped a generation")
        if number % 10 == 0:
            again = self.refresh(self.tokens[-1])["tokens"]
            must(again and again["refreshToken"] == successor, f"race {number}: the answer that was lost is another")
        self.tokens.append(successor)

    def steal(self):
        """Checks that a token of two generations ago ends the session for everyone."""
        for token in (self.tokens[-3], self.tokens[-1], self.tokens[-2]):
            ended = self.refresh(token)["userErrors"]
            must([no["code"] for no in ended] == ["SESSION_ENDED"], lambda: f"after a theft: {shown(ended)}")
        answer = ask(self.server.port, {"query": "{ viewer { email } }"}, token=self.access)
        must(answer.status == 401, lambda: f"a stolen session's access token still works: {answer.status}")


def run(server, count):
    """Plays all races; returns how many sessions they took."""
    sessions, done = 0, 0
    with ThreadPoolExecutor(RACERS) as pool:
        while done < count:
            session, sessions = Session(server, pool), sessions + 1
            for _ in range(min(RACES_OF_A_SESSION, max(2, count - done))):
                session.race(done)
                done += 1
            session.steal()
            say(f"{done} of {count} races")
    return sessions


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    begun, breaches, sessions = time.monotonic(), [], 0
    with target(given.binary, "--no-scheduler", postgres=given.postgres) as server:
        try:
            made = {"email": EMAIL, "password": PASSWORD, "name": "Racer", "country": "GB", "freelancer": True}
            answer = ask(server.port, {"query": REGISTER, "variables": {"i": made}}).json()
            must(answer.get("data", {}).get("done", {}).get("mailSent"), lambda: f"not registered: {shown(answer)}")
            sessions = run(server, given.count)
            server.stop()
            server.verify()
        except Breach as no:
            breaches.append(str(no))
            say(f"BREACH {no}")
    print(json.dumps({"races": given.count, "racers": RACERS, "sessions": sessions,
                      "seconds": round(time.monotonic() - begun), "breaches": len(breaches)}), flush=True)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
