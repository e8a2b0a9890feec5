#!/usr/bin/env python3
"""Guessed promo codes: people in several networks try codes that they do not know, as fast as they can.

There are codes that are worth something, and guesses of all sorts: random ones of the same make, real ones with a letter
changed, missing or added, patterns, look-alikes. Each guesser has many tries in one request, by quotes and redemptions. No
guess may hit, nobody may have more answers than the limits of their account and of their network allow, and those who are
limited must not learn whether a code is right. Anyone else can use a right one as before, and nothing of a code is used up.

The last line is a JSON object. Exits with 1 at a breach, with 2 on wrong usage.

    codes.py --binary target/release/connects --count 1000000
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from breach import Breach, must, say, shown
from market import ADMIN
from target import target
from wire import ask

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"Of those, random codes are made."
PREFIX = "FAIR"
NETWORKS, PER_NETWORK = 4, 12
BY_ACCOUNT, BY_NETWORK = 10, 100
"How many wrong codes an account, and a network, can try in an hour."
AT_ONCE = 20
"Quotes of one request."
ROUNDS = 5
CREATE = """mutation($i: CreatePromoCodesInput!) { done: createPromoCodes(input: $i) {
  promoCodes { code } userErrors { message } } }"""
USES = "{ admin { promoCodes(first: 100) { nodes { uses } } } }"
QUOTE = "q{0}: connectsQuote(quantity: 10, promoCode: $c{0}) {{ bonus }}"
REDEEM = """mutation($c: String!, $k: String!) {
  done: redeemPromoCode(input: { promoCode: $c, idempotencyKey: $k }) { userErrors { code } } }"""


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", required=True, help="the connects program")
    parser.add_argument("--count", type=int, default=1_000_000, help="guesses, default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--postgres", metavar="URL", help="a server to make the database on; SQLite by default")
    return parser.parse_args()


def guess(dice, real):
    """A code that does not exist."""
    code = dice.choice(real)
    at, letter = dice.randrange(len(code)), dice.choice(LETTERS)
    made = dice.choice([
        lambda: f"{PREFIX}-{''.join(dice.choices(LETTERS, k=12))}",
        lambda: code[:at] + letter + code[at + 1:],
        lambda: code[:at] + code[at + 1:],
        lambda: code[:at] + letter + code[at:],
        lambda: code[:at] + "%" + code[at + 1:],
        lambda: code[:at] + "_" + code[at + 1:],
        lambda: code.replace("A", "\u0410") + letter,
        lambda: code[:at] + "\u200b" + code[at:],
        lambda: f"{code}' OR '1'='1",
        lambda: code[:len(PREFIX)],
    ])()
    return made if made not in real else f"{made}X"


class Guesser:
    """Somebody who tries codes."""

    def __init__(self, server, email, network, seed):
        self.server, self.email, self.network = server, email, network
        self.headers = [("X-Forwarded-For", f"198.51.100.{network}")]
        self.dice, self.token, self.redemptions = random.Random(f"{seed}/{email}"), None, 0

    def ask(self, document, variables):
        """What is answered."""
        request = {"query": document, "variables": variables}
        return ask(self.server.port, request, self.token, headers=self.headers).json()

    def quote(self, codes):
        """What is said to each of these codes, in one request."""
        declared = " ".join(f"$c{number}: String!" for number in range(len(codes)))
        fields = " ".join(QUOTE.format(number) for number in range(len(codes)))
        answer = self.ask(f"query({declared}) {{ viewer {{ {fields} }} }}", {f"c{n}": code for n, code in enumerate(codes)})
        said = [error["extensions"]["userErrorCode"] for error in answer["errors"]]
        must(len(said) == len(codes), lambda: f"quotes: {shown(answer)}")
        return said

    def redeem(self, code):
        """What is said to a code that is to be used without a purchase."""
        self.redemptions += 1
        answer = self.ask(REDEEM, {"c": code, "k": f"{self.email} {self.redemptions}"})
        must("errors" not in answer, lambda: f"a redemption: {shown(answer)}")
        return answer["data"]["done"]["userErrors"][0]["code"]


class Attack:
    """All guessers, and the codes that they are after."""

    def __init__(self, server, seed):
        self.heard, self.learnt, self.guesses, self.begun = Counter(), Counter(), 0, time.monotonic()
        "What was said, and how many wrong codes each person, and each network, learnt of."
        self.guessers = [Guesser(server, f"guesser-{n}@hostile.example", n % NETWORKS, seed)
                         for n in range(NETWORKS * PER_NETWORK)]
        self.other = Guesser(server, "buyer@hostile.example", NETWORKS, seed)
        for one in (*self.guessers, self.other):
            server.run("register", "--freelancer", "--name", "Guesser", one.email)
        self.admin = Guesser(server, ADMIN, NETWORKS, seed)
        everyone = (*self.guessers, self.other, self.admin)
        tokens = server.tokens([one.email for one in everyone])
        for one in everyone:
            one.token = tokens[one.email]
        made = {"code": PREFIX, "count": 100, "kind": "BONUS_CONNECTS", "connects": 1000, "maxUses": 1,
                "idempotencyKey": "codes"}
        self.real = [row["code"] for row in self.change(CREATE, i=made)["promoCodes"]]

    def change(self, document, **variables):
        """The payload of the admin's mutation."""
        answer = self.admin.ask(document, variables)
        must("errors" not in answer and not answer["data"]["done"]["userErrors"], lambda: shown(answer))
        return answer["data"]["done"]

    def go_on(self, count, pool):
        """So many guesses more; checks what everyone has learnt so far."""
        turns = (self.guessers[number % len(self.guessers)] for number in range(count // AT_ONCE))
        for one, said in pool.map(self.turn, turns):
            self.heard, self.guesses = self.heard + said, self.guesses + said.total()
            self.learnt[one.email] += said["PROMO_CODE_UNKNOWN"]
            self.learnt[one.network] += said["PROMO_CODE_UNKNOWN"]
        hours = 1 + (time.monotonic() - self.begun) // 3600
        for who, unknown in self.learnt.items():
            limit = hours * (BY_NETWORK if isinstance(who, int) else BY_ACCOUNT)
            must(unknown <= limit, f"{who} learnt of {unknown} codes in {hours} hours")
        self.limited()

    def turn(self, one):
        """Quotes and a redemption of one guesser: who, and what they heard."""
        codes = [guess(one.dice, self.real) for _ in range(AT_ONCE)]
        said = Counter([*one.quote(codes[1:]), one.redeem(codes[0])])
        must(set(said) <= {"PROMO_CODE_UNKNOWN", "THROTTLED"}, lambda: f"a guess was answered {said}: {shown(codes)}")
        return one, said

    def limited(self):
        """Nobody who is limited learns that a code is right; anybody else can quote it."""
        for one in (one for one in self.guessers if self.learnt[one.network] >= BY_NETWORK):
            said = set(one.quote([self.real[0], f"{PREFIX}-WRONG"]))
            must(said == {"THROTTLED"}, lambda: f"{one.email} was told {said} of a right and a wrong code")
        quoted = self.other.ask(f"query($c0: String!) {{ viewer {{ {QUOTE.format(0)} }} }}", {"c0": self.real[0]})
        must(quoted["data"]["viewer"]["q0"] == {"bonus": 1000}, lambda: f"a right code: {shown(quoted)}")

    def end(self):
        """Nothing of any code is used."""
        uses = self.admin.ask(USES, {})["data"]["admin"]["promoCodes"]["nodes"]
        must(len(uses) == 100 and not any(row["uses"] for row in uses), lambda: f"codes were used: {shown(uses)}")


def main():
    """Runs the script; returns the exit code."""
    given = arguments()
    begun, breaches, attack = time.monotonic(), [], None
    with target(given.binary, "--no-scheduler", postgres=given.postgres, CONNECTS_TRUSTED_PROXIES="127.0.0.1") as server:
        try:
            attack = Attack(server, given.seed)
            with ThreadPoolExecutor(4) as pool:
                for _ in range(ROUNDS):
                    attack.go_on(given.count // ROUNDS, pool)
                    say(f"{attack.guesses} of {given.count} guesses: {dict(attack.heard)}")
            attack.end()
            server.stop()
            server.verify()
        except Breach as no:
            breaches.append(str(no))
            say(f"BREACH {no}")
    print(json.dumps({"guesses": attack and attack.guesses, "answered": attack and attack.heard,
                      "seconds": round(time.monotonic() - begun), "breaches": len(breaches)}), flush=True)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
