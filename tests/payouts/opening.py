"""How the people come to have cash: they register, sell their work, and say where they are paid."""

import paths  # noqa: F401  # pylint: disable=unused-import

from agreement import agree
from dates import fee_of, money
from doing import CARD, DETAILS, ERRORS, METHOD, PASSWORD, REGISTER, RELEASE
from hands import fine
from payees import UNIT

PROJECT = """mutation($a: MoneyInput!, $k: String!) { done: publishProject(input: { idempotencyKey: $k, content: {
  title: "Project", description: "Work.", category: DESIGN, price: $a } }) { project { id } %s } }""" % ERRORS
ORDER = """mutation($p: ID!, $a: MoneyInput!, $c: ID!, $k: String!) { done: orderProject(input: { projectId: $p,
  expectedPrice: $a, paymentMethodId: $c, idempotencyKey: $k }) { milestone { id state } %s } }""" % ERRORS
TOKENS_AT_ONCE = 500


class Opening:
    """A part of `Story`."""

    def open(self, people):
        """Everybody has their cash, and an account to which it is paid two days later."""
        self.register(people)
        clients = self._clients(-(-len(people) // UNIT))
        self._sell(people, clients)
        self.pay_to([(person, person.new_method(person.way, self.book.now)) for person in people])

    def register(self, people):
        """People register as freelancers, and get tokens."""
        given = [{"email": one.email, "password": PASSWORD, "name": f"Payee {one.number}", "country": "GB", "deviceId": None,
                  "client": False, "freelancer": True, "affiliate": False} for one in people]
        answers = self.hands.all([(None, REGISTER, {"input": one}) for one in given])
        agree("registrations", [one["done"] for one in answers], [{"mailSent": True, "userErrors": []}] * len(people))
        for person, token in zip(people, self.tokens([one.email for one in people])):
            person.token = token

    def tokens(self, emails):
        """A token for each of these addresses."""
        found = []
        for first in range(0, len(emails), TOKENS_AT_ONCE):
            some = emails[first:first + TOKENS_AT_ONCE]
            found += self.program.run("token", *(word for one in some for word in ("--email", one))).stdout.split()
        return found

    def _clients(self, count):
        """Clients with a card each: tokens and cards."""
        emails = [f"client{number}@people.example" for number in range(count)]
        self.program.run("register", "--client", *emails)
        tokens = self.tokens(emails)
        added = self.hands.all([(token, CARD, {"t": "tok_visa", "k": "card"}) for token in tokens])
        return [(token, fine("a card", one["done"])["paymentMethod"]["id"]) for token, one in zip(tokens, added)]

    def _sell(self, people, clients):
        """Each of the people publishes their work; a client orders it, pays, and releases the money."""
        shown = self.hands.all([(one.token, PROJECT, {"a": {"amount": money(one.price)}, "k": "project"}) for one in people])
        jobs = []
        for person, one in zip(people, shown):
            token, card = clients[person.number % len(clients)]
            asked = {"p": fine("a project", one["done"])["project"]["id"], "a": {"amount": money(person.price)}, "c": card}
            jobs.append((token, ORDER, {**asked, "k": f"order {person.number}"}))
        ordered = [fine("an order", one["done"])["milestone"] for one in self.hands.all(jobs)]
        agree("orders", {one["state"] for one in ordered}, {"FUNDED"})
        jobs = [(token, RELEASE, {"m": one["id"], "k": f"release {one['id']}"}) for (token, *_), one in zip(jobs, ordered)]
        for person, one in zip(people, self.hands.all(jobs)):
            fine("a release", one["done"], milestone={"state": "RELEASED"})
            person.cash = person.price - fee_of(person.price)

    def pay_to(self, methods):
        """People say where they are paid from now on."""
        jobs = []
        for person, method in methods:
            details = DETAILS[method.rail](method.holder, method.account)
            given = {**details, "currencyCode": method.currency, "password": PASSWORD}
            jobs.append((person.token, METHOD, {"input": given}))
        for (person, method), one in zip(methods, self.hands.all(jobs)):
            fine("a payout method", one["done"], payoutMethod={"rail": method.rail, "currencyCode": method.currency})
            person.methods.append(method)
        self.tally["payout methods"] += len(methods)
