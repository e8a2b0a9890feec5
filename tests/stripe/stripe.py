#!/usr/bin/env python3
"""Payments, refunds and charge-backs through Stripe's emulator, over a wire on which things go wrong.

Clients fund milestones by cards that work and cards that do not; freelancers give money back; banks take it back. One
request in four is cut, answered by an error or not at all, before or after the emulator has done what was asked; events
come twice, late, forged, replayed or contradicting what happened. Ten times the server is killed under load. At the end
each payment and each refund is compared with what the emulator itself knows: nothing was charged or refunded twice,
nothing is written that did not happen, and nothing happened that is not written.

The emulator is localstripe, an independent program: `pip install localstripe`. Progress goes to stderr, a JSON object to
stdout's last line. Exits with 0 when everything agreed, with 1 at the first disagreement, with 2 on wrong usage.

    stripe.py --binary target/release/connects --scale 5000 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import base64
import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree
from clocks import instant, say, stamp
from databases import Postgres, Sqlite
from emulator import KEY, Emulator
from graphql import Client, Gone, pages
from program import Program, free_port
from stories import arguments, play
from wire import EVENTS, FAULTS, SECRET, Wire

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
PHASES = 10
ODDS = 0.25
TIMEOUT_MS = 400
CLIENTS, FREELANCERS, MILESTONES = 8, 20, 20
CLIENTS_AT_MOST, MILESTONES_OF_A_CLIENT = 32, 500
CARDS = ("4242424242424242", "4242424242424242", "4242424242424242", "4000000000000341")
UP_AGAIN_WITHIN = 60
UNAVAILABLE = [{"code": "PAYMENT_PROVIDER_UNAVAILABLE"}]
A_TASK_WITHIN = 1_800
"Seconds for which an advance of the clock, with all tasks on the way, may take."
ALL_OF_IT_FROM = 250
"The least scale at which each thing that can go wrong surely does."
ERRORS = "userErrors { code }"
POST = """mutation($t: String!, $w: Int!) { done: createJobPost(input: { publish: true, content: { title: $t,
  description: "To do.", category: DESIGN, payment: FIXED, hiresWanted: $w } }) { jobPost { id } %s } }""" % ERRORS
FREE = "mutation($id: ID!) { done: setJobPostFree(input: { jobPostId: $id, free: true }) { %s } }" % ERRORS
PROPOSE = """mutation($id: ID!, $k: String!) { done: submitProposal(input: { jobPostId: $id, expectedConnects: 0,
  coverLetter: "Good day!", idempotencyKey: $k }) { proposal { id } %s } }""" % ERRORS
OFFER = """mutation($id: ID!, $m: [MilestoneInput!]!) { done: sendOffer(input: { proposalId: $id, milestones: $m }) {
  offer { id } %s } }""" % ERRORS
ACCEPT = """mutation($id: ID!, $k: String!) { done: acceptOffer(input: { offerId: $id, idempotencyKey: $k }) { contract { milestones { nodes { id } } }
  %s } }""" % ERRORS
CARD = "mutation($t: String!) { done: addPaymentMethod(input: { token: $t }) { paymentMethod { id } %s } }" % ERRORS
FUND = """mutation($m: ID!, $c: ID!, $k: String!) { done: fundMilestone(input: { milestoneId: $m, paymentMethodId: $c,
  idempotencyKey: $k }) { payment { state } %s } }""" % ERRORS
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m, idempotencyKey: $k }) {
  %s } }""" % ERRORS
REFUND = """mutation($m: ID!, $k: String!) { done: refundMilestone(input: { milestoneId: $m, idempotencyKey: $k }) {
  %s } }""" % ERRORS
RECONCILE = """mutation { done: runTask(input: { task: "reconcile" }) { counts { what count } %s } }""" % ERRORS
ADVANCE = "mutation($to: DateTime!) { done: advanceClock(input: { to: $to }) { to %s } }" % ERRORS
PAYMENTS = """query($after: String) { viewer { payments(first: 100, after: $after) { nodes { id state amount { amount }
  refunded { amount } chargedBack { amount } } pageInfo { hasNextPage endCursor } } } }"""
CONTRACTS = """query($after: String) { viewer { contracts(first: 5, after: $after) { nodes { milestones(first: 20) { nodes {
  state payment { id } refunds { amount { amount } state } } } } pageInfo { hasNextPage endCursor } } } }"""


def cents(amount):
    """An amount of the API in cents."""
    return int(amount["amount"].replace(".", ""))


def key_of(global_id):
    """Our own id of an object, as Stripe has it among its metadata."""
    padded = global_id + "=" * (-len(global_id) % 4)
    return base64.urlsafe_b64decode(padded).decode().split(":", 1)[1]


class Market:
    """A marketplace on one database whose payments go over the wire."""

    def __init__(self, program, wire, emulator, dice, scale):
        self.program, self.wire, self.emulator, self.dice, self.scale = program, wire, emulator, dice, scale
        self.crowd = max(CLIENTS, min(CLIENTS_AT_MOST, scale // MILESTONES_OF_A_CLIENT))
        "How many clients there are, all of whom pay at the same time."
        self.tally, self.lock = Counter(), threading.Lock()
        self.clients, self.freelancers, self.cards, self.milestones = [], [], {}, []
        self.disputed = set()
        self.up, self.local, self.now = threading.Event(), threading.local(), START

    def ask(self, token, document, **variables):
        """Asks the server, again with the same key if it was killed meanwhile."""
        until = time.monotonic() + UP_AGAIN_WITHIN
        while True:
            self.up.wait(UP_AGAIN_WITHIN)
            port = self.program.client.port
            if getattr(self.local, "client", None) is None or self.local.client.port != port:
                self.local.client = Client(port)
            try:
                return self.local.client.ask(token, document, **variables)["done"]
            except Gone as gone:
                if time.monotonic() > until:
                    raise Disagreement(f"the server stays away: {gone}") from None
                time.sleep(0.02)

    def done(self, token, document, **variables):
        """Asks for something that must succeed."""
        answer = self.ask(token, document, **variables)
        agree(f"refusals of {document.split('(')[0]}{variables}", answer["userErrors"], [])
        return answer

    def count(self, what):
        """Counts something."""
        with self.lock:
            self.tally[what] += 1

    def start(self):
        """Starts the server, to which the wire tells what happens."""
        self.program.start_server()
        self.wire.hook = self.program.client.port
        self.up.set()

    def begin(self):
        """Registers people, gives them cards, and hires."""
        self.program.run("migrate")
        names = [("--client", f"c{n}") for n in range(self.crowd)] + [("--freelancer", f"f{n}") for n in range(FREELANCERS)]
        names.append(("--admin", "root"))
        for role, name in names:
            self.program.run("register", role, f"{name}@stripe.example")
        emails = [word for _, name in names for word in ("--email", f"{name}@stripe.example")]
        tokens = self.program.run("token", *emails).stdout.split()
        self.clients, self.admin = tokens[:self.crowd], tokens[-1]
        self.freelancers = tokens[self.crowd:-1]
        self.start()
        for client in self.clients:
            cards = [self.emulator.card(number) for number in CARDS]
            self.cards[client] = [self.done(client, CARD, t=card)["paymentMethod"]["id"] for card in cards]
        left, n = self.scale, 0
        while left > 0:
            left -= self.hire(n, left)
            n += 1

    def hire(self, n, left):
        """A client hires freelancers for a post; returns for how many milestones."""
        client = self.clients[n % self.crowd]
        contracts = min(FREELANCERS, -(-left // MILESTONES))
        post = self.done(client, POST, t=f"Post {n}", w=contracts)["jobPost"]["id"]
        self.done(self.admin, FREE, id=post)
        hired = 0
        for freelancer in self.freelancers[:contracts]:
            many = min(MILESTONES, left - hired)
            parts = [{"title": f"Part {part}", "amount": {"amount": f"{self.dice.randint(5, 900)}.{self.dice.randint(10, 99)}"}}
                     for part in range(many)]
            proposal = self.done(freelancer, PROPOSE, id=post, k=f"p{n}")["proposal"]["id"]
            offer = self.done(client, OFFER, id=proposal, m=parts)["offer"]["id"]
            nodes = self.done(freelancer, ACCEPT, id=offer, k=f"a{n}")["contract"]["milestones"]["nodes"]
            self.milestones += [(node["id"], client, freelancer) for node in nodes]
            hired += many
        return hired

    def live(self):
        """All phases: people pay and give back at once, the server is killed among them, and hours pass."""
        for phase in range(PHASES):
            theirs = self.milestones[phase::PHASES]
            self.wire.odds = ODDS
            with ThreadPoolExecutor(self.crowd) as pool:
                working = [pool.submit(self.work, theirs[n::self.crowd], random.Random(f"{self.dice.random()}"))
                           for n in range(self.crowd)]
                time.sleep(self.dice.random() * min(0.5, self.scale / 2_000))
                self.kill()
                for one in working:
                    one.result()
            self.dispute()
            self.advance(timedelta(hours=self.dice.randint(3, 9)))
            say(f"phase {phase + 1}: {dict(self.tally)}")

    def work(self, milestones, dice):
        """A client's milestones: funded by some card, then released or given back, or left."""
        for milestone, client, freelancer in milestones:
            for attempt in range(3):
                card = dice.choice(self.cards[client])
                done = self.done(client, FUND, m=milestone, c=card, k=f"{milestone}{attempt}")
                self.count(f"payments {done['payment']['state']}".lower())
                if done["payment"]["state"] != "FAILED":
                    break
            if done["payment"]["state"] != "PAID" or dice.random() < 0.3:
                continue
            if dice.random() < 0.5:
                self.count("releases" if not self.ask(client, RELEASE, m=milestone, k=f"r{milestone}")["userErrors"]
                           else "releases refused")
            if dice.random() < 0.5:
                self.count("refunds" if not self.ask(freelancer, REFUND, m=milestone, k=f"b{milestone}")["userErrors"]
                           else "refunds refused")

    def kill(self):
        """Kills the server, and starts another one."""
        self.up.clear()
        self.program.server.kill()
        self.program.server.wait()
        self.start()
        self.count("kills")

    def dispute(self):
        """Banks give back one in five of what they took, and take back one in fifty of what was paid and is not back."""
        for dispute in self.wire.disputes:
            if len(dispute["balance_transactions"]) == 1 and self.dice.random() < 0.2:
                self.wire.win(dispute)
                self.count("disputes won")
        refunded = Counter()
        self.wire.take_lists(self.emulator)
        for refund in self.wire.lists["refunds"]:
            refunded[refund["payment_intent"]] += refund["amount"]
        for intent in self.wire.lists["payment_intents"]:
            left = intent["amount"] - refunded[intent["id"]]
            if intent["status"] != "succeeded" or not left or intent["id"] in self.disputed or self.dice.random() > 0.02:
                continue
            self.disputed.add(intent["id"])
            self.wire.dispute({**intent, "refunded": refunded[intent["id"]]})
            self.count("disputes")

    def advance(self, by):
        """Time passes, and tasks run."""
        self.now += by
        asker, reached = Client(self.program.client.port, A_TASK_WITHIN), None
        while reached != self.now:
            # An advance ends by itself, on its way, when it has taken too long.
            done = asker.ask(self.admin, ADVANCE, to=stamp(self.now))["done"]
            reached = instant(done["to"]) if done["to"] else None
            agree("refusals of an advance", done["userErrors"] in ([], UNAVAILABLE), True)
            self.count("advances that the provider stopped" if done["userErrors"] else "advances")

    def end(self):
        """Nothing goes wrong any more, and all that was open becomes known."""
        self.wire.odds = 0.0
        for body in self.wire.late:
            self.wire.send(body)
        for _ in range(3):
            self.wire.take_lists(self.emulator)
            self.advance(timedelta(days=1))
        self.wire.take_lists(self.emulator)
        if self.disputed:
            # Events of disputes may all have been lost; the next one tells of all.
            self.wire.tell(self.wire.disputes[0])
        agree("answers to events that were not as they must be", self.wire.tally["WRONG ANSWERS TO EVENTS"], 0)
        self.compare()
        if self.scale >= ALL_OF_IT_FROM:
            for what in (*FAULTS, *(f"event {how}" for how in EVENTS)):
                agree(f"whether there was: {what}", self.wire.tally[what] > 0, True)
        # The server compares, too; it does so every night.
        ran = Client(self.program.client.port, A_TASK_WITHIN).ask(self.admin, RECONCILE)["done"]["counts"]
        agree("what the server finds", {one["what"]: one["count"] for one in ran}, {"breaches": 0, "differences": 0})
        self.program.stop_server()
        return self.program.verify()

    def compare(self):
        """Our books and the emulator's are the same."""
        intents = {}
        for intent in self.wire.lists["payment_intents"]:
            intents.setdefault(intent["metadata"]["payment"], []).append(intent)
        refunds, taken, won = {}, Counter(), set()
        for refund in self.wire.lists["refunds"]:
            refunds.setdefault(refund["payment_intent"], []).append(refund["amount"])
        for dispute in self.wire.disputes:
            taken[dispute["payment_intent"]] += dispute["amount"]
            if len(dispute["balance_transactions"]) > 1:
                won.add(dispute["payment_intent"])
        ours, asker = {}, Client(self.program.client.port)
        for client in self.clients:
            ours |= {key_of(one["id"]): one for one in pages(asker, client, PAYMENTS, ("viewer", "payments"))}
        back = self.refunds()
        for key, payment in ours.items():
            paid = [one for one in intents.pop(key, []) if one["status"] == "succeeded"]
            agree(f"charges for payment {key}", [one["amount"] for one in paid],
                  [cents(payment["amount"])] if payment["state"] == "PAID" else [])
            name = paid[0]["id"] if paid else None
            agree(f"refunds of payment {key}", sorted(refunds.pop(name, [])), sorted(back.get(key, [])))
            charged_back = cents(payment["chargedBack"])
            if name in won and charged_back == 0:
                # It was in escrow, and is there again.
                taken.pop(name)
            agree(f"charge-backs of payment {key}", charged_back, taken.pop(name, 0))
            self.tally[f"in the end {payment['state']}".lower()] += 1
        strange = [one for some in intents.values() for one in some if one["status"] == "succeeded"]
        agree("charges that nobody wrote down", strange, [])
        agree("refunds that nobody wrote down", refunds, {})
        agree("charge-backs that nobody wrote down", dict(taken), {})

    def refunds(self):
        """What was refunded by the provider, by payment."""
        back, asker = {}, Client(self.program.client.port)
        for client in self.clients:
            for contract in pages(asker, client, CONTRACTS, ("viewer", "contracts")):
                for milestone in contract["milestones"]["nodes"]:
                    payment = milestone["payment"] and key_of(milestone["payment"]["id"])
                    agree(f"whether payment {payment} is under way", milestone["state"] == "FUNDING", False)
                    for refund in milestone["refunds"]:
                        agree("a refund that is over", refund["state"] in ("PAID", "FAILED"), True)
                        if refund["state"] == "PAID":
                            back.setdefault(key_of(milestone["payment"]["id"]), []).append(cents(refund["amount"]))
        return back


def story(kind, given, folder):
    """Plays all phases on one database; returns what happened, and the digest."""
    place = os.path.join(folder, kind)
    os.mkdir(place)
    database = Sqlite(place, "stripe") if kind == "sqlite" else Postgres(given.postgres, "stripe")
    database.create()
    emulator = Emulator(free_port())
    wire = Wire(emulator.port, given.seed, TIMEOUT_MS / 1_000 + 0.2)
    program = Program(os.path.abspath(given.binary), database.url, START, place)
    program.environment |= {
        "CONNECTS_PAYMENTS__PROVIDER": "stripe", "CONNECTS_PAYMENTS__STRIPE__SECRET_KEY": KEY,
        "CONNECTS_PAYMENTS__STRIPE__WEBHOOK_SECRET": SECRET, "CONNECTS_PAYMENTS__STRIPE__TIMEOUT_MS": str(TIMEOUT_MS),
        # More cards fail here than people may try.
        "CONNECTS_PAYMENTS__LIMITS__FAILURES_PER_ACCOUNT__TIMES": "1000",
        "CONNECTS_PAYMENTS__LIMITS__FAILURES_PER_ACCOUNT__MINUTES": "1",
        "CONNECTS_PAYMENTS__LIMITS__METHODS_PER_ADDRESS__TIMES": "1000",
        "CONNECTS_PAYMENTS__STRIPE__BASE_URL": f"http://127.0.0.1:{wire.server_port}/", "CONNECTS_LOG": "error"}
    market = Market(program, wire, emulator, random.Random(given.seed), given.scale)
    try:
        emulator.wait()
        market.begin()
        market.live()
        digest = market.end()
        return {**dict(sorted(market.tally.items())), "wire": dict(sorted(wire.tally.items()))}, digest
    except Disagreement as no:
        raise Disagreement(f"[{kind}] {no}; log: {program.log_tail()}") from None
    finally:
        program.close()
        wire.shutdown()
        emulator.close()
        database.drop()


def main():
    """Runs the script; returns the exit code."""
    given = arguments(__doc__, 1_000, "milestones that are funded")

    def report(outcomes):
        return {"scale": given.scale, "counts": {kind: counts for kind, (counts, _) in outcomes.items()},
                "digests": {kind: digest for kind, (_, digest) in outcomes.items()}}

    return play(given, story, report)


if __name__ == "__main__":
    sys.exit(main())
