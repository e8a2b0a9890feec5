"""Load: people ask three servers while keys are rotated and the secret is changed. Nobody is refused."""

import json
import threading
import time
from collections import Counter

from agreement import Disagreement, agree, shown
from graphql import Client
from killed import PURPOSES, START, place_of
from program import Program
from tokens import PASSWORD, REFRESH, REGISTER, SIGN_IN, VIEWER, registration

SERVERS = 3
PEOPLE = 6
TIMEOUT = 60
FOLLOWED_WITHIN = 60
"Seconds within which a server must notice that a key is retired; it reads them every 30."


class Load:
    """Three servers on one database, and people at them."""

    def __init__(self, rounds):
        self.rounds = rounds
        self.tally = Counter()
        self.lock = threading.Lock()
        self.wrong = []
        self.refreshed = set()
        "The people who have refreshed their session."
        self.put_off = 0
        "How often a server was too busy to answer."
        self.stopping = threading.Event()
        self.inside = threading.Barrier(PEOPLE + 1)
        "Passed when everybody has signed in."
        # Each server knows the secret that comes, as after the first of the two restarts.
        self.secrets = [rounds.secret(), rounds.secrets[0]]
        rounds.use(*self.secrets)
        command = rounds.program
        self.servers = []
        for number in range(SERVERS):
            server = Program(command.binary, command.environment["DATABASE_URL"], START, place_of(rounds, number))
            server.environment = dict(command.environment)
            self.servers.append(server)

    def play(self, changes):
        """Changes keys `changes` times under load."""
        for server in self.servers:
            server.start_server()
        people = [threading.Thread(target=self._person, args=(number,)) for number in range(PEOPLE)]
        for person in people:
            person.start()
        try:
            self.inside.wait(TIMEOUT)
            for number in range(changes):
                if not self.wrong:
                    self._change(number, changes)
                    self.stopping.wait(self.rounds.dice.uniform(0, 0.4))
        except threading.BrokenBarrierError:
            pass
        finally:
            self.stopping.set()
            for person in people:
                person.join()
        if self.wrong:
            raise self.wrong[0]
        agree("people who refreshed their session", len(self.refreshed), PEOPLE)
        agree("requests that were put off", self.put_off, 0)
        self._retire()

    def _retire(self):
        """Retires what does not sign; each server must follow by itself, since it knows the key."""
        self.rounds.program.run("keys", "rotate", "bearer-tokens")
        email, token = self.rounds.tokens.bearer[-1]
        clients = [Client(server.client.port) for server in self.servers]
        for client in clients:
            agree("the viewer before the key is retired", client.ask(token, VIEWER), {"viewer": {"email": email}})
            client.close()
        self.rounds.program.run("keys", "retire", "bearer-tokens")
        until = time.monotonic() + FOLLOWED_WITHIN
        for client in clients:
            while not client.refuses(token, VIEWER):
                agree("whether a server may still accept a token of a retired key", time.monotonic() < until, True)
                time.sleep(0.2)
            client.close()
            self.tally["servers that followed a retired key"] += 1

    def close(self):
        """Ends the servers."""
        for server in self.servers:
            server.close()

    def _change(self, number, changes):
        if number == changes // 2:
            self.rounds.program.run("keys", "rewrap")
            self.tally["secrets changed under load"] += 1
        else:
            self.rounds.program.run("keys", "rotate", PURPOSES[number % len(PURPOSES)])
            self.tally["keys rotated under load"] += 1

    def _person(self, number):
        """Signs in, asks and refreshes at any server until the end."""
        clients = [Client(server.client.port) for server in self.servers]
        dice = self.rounds.dice.__class__(f"person {number}")
        try:
            given = {"email": f"person-{number}@test.example", "password": PASSWORD}
            fresh = registration(given["email"], f"Person {number}")
            agree("registration", dice.choice(clients).ask(None, REGISTER, i=fresh)["done"]["userErrors"], [])
            tokens = self._tokens(dice.choice(clients).ask(None, SIGN_IN, i=given))
            self.inside.wait(TIMEOUT)
            while not self.stopping.is_set():
                answer = dice.choice(clients).ask(tokens["accessToken"], VIEWER)
                agree("the viewer under load", answer["viewer"], {"email": given["email"]})
                given_up = {"refreshToken": tokens["refreshToken"]}
                # Twice, as a client does that has not received the answer: at another server, maybe with another key.
                first, second = (self._tokens(client.ask(None, REFRESH, i=given_up)) for client in dice.sample(clients, 2))
                agree("a repeated refresh", second["refreshToken"], first["refreshToken"])
                tokens = second
                with self.lock:
                    self.refreshed.add(number)
                    self.tally["refreshed under load"] += 1
                time.sleep(0.01)
        except Exception as no:  # pylint: disable=broad-exception-caught
            # A connection that broke is as wrong as a refusal.
            self.wrong.append(no if isinstance(no, Disagreement) else Disagreement(f"{type(no).__name__}: {no}"))
            self.stopping.set()
            self.inside.abort()
        finally:
            for client in clients:
                client.close()
            with self.lock:
                self.put_off += sum(client.busy for client in clients)

    def _tokens(self, answer):
        if not answer["done"]["tokens"]:
            raise Disagreement(f"no tokens under load: {shown(json.dumps(answer))}")
        return answer["done"]["tokens"]
