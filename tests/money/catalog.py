"""What happens in the project catalog, and what the model says of it."""

import answers
from agreement import agree
from market import CASH, LOST, OFFER_LIFE, Offer, Project, money
from paying import way

ERRORS = "userErrors { code }"
PROJECT = "project { id state version price { amount } freelancer { id } }"
PUBLISH = """mutation($a: MoneyInput!, $k: String!) { done: publishProject(input: { idempotencyKey: $k, content: {
  title: "Project", description: "Work.", category: DESIGN, price: $a } }) { %s %s } }""" % (PROJECT, ERRORS)
UPDATE = """mutation($p: ID!, $v: Int!, $a: MoneyInput!, $k: String!) { done: updateProject(input: { projectId: $p,
  version: $v, idempotencyKey: $k, content: { title: "Project", description: "Work.", category: DESIGN, price: $a } }) {
  %s %s } }""" % (PROJECT, ERRORS)
WITHDRAW = """mutation($p: ID!, $k: String!) { done: withdrawProject(input: { projectId: $p, idempotencyKey: $k }) {
  %s %s } }""" % (PROJECT, ERRORS)
ORDER = """mutation($p: ID!, $a: MoneyInput!, $c: ID, $cash: Boolean!, $k: String!) { done: orderProject(input: {
  projectId: $p, expectedPrice: $a, paymentMethodId: $c, fromCash: $cash, idempotencyKey: $k }) {
  milestone { id state contract { id state } } %s %s %s } }""" % (answers.PAYMENT, answers.CASH, answers.ERRORS)
AT_A_TIME = 10


class Catalog:
    """The deeds; they are a part of `Deeds`."""

    def catalog(self):
        """The deeds of the catalog, each as often as it shall happen."""
        return [self.publish, self.update, self.withdraw_project, self.order, self.order]

    def publish(self):
        """A freelancer publishes a project, of a few."""
        if sum(one.state == "PUBLISHED" for one in self.books.projects) >= AT_A_TIME:
            return None
        return self.publish_by(self.dice.choice(self.books.freelancers))

    def publish_by(self, freelancer):
        """This freelancer publishes a project, or cannot."""
        cents = self.dice.randint(500, 90_000)
        if freelancer.barred:
            return self._refuse(freelancer, PUBLISH, freelancer.barred, a={"amount": money(cents)})
        done = self._do(freelancer, PUBLISH, a={"amount": money(cents)})
        agree("refusals of a project", done["userErrors"], [])
        project = Project(freelancer, cents, done["project"]["id"])
        freelancer.profile = done["project"]["freelancer"]["id"]
        self.books.projects.append(project)
        self._shown(project, done)
        return "projects"

    def update(self):
        """A freelancer changes a project's price, now and then, or cannot."""
        project = self._some(self.books.projects, lambda one: one.state == "PUBLISHED" or self.dice.random() < 0.1)
        if not project or self.dice.random() < 0.5:
            return None
        cents, is_late = self.dice.randint(500, 90_000), self.dice.random() < 0.2
        asked = {"p": project.id, "v": project.version - is_late, "a": {"amount": money(cents)}}
        is_gone = project.state != "PUBLISHED"
        why = project.freelancer.barred or is_gone and "ILLEGAL_STATE" or is_late and "CONFLICT"
        if why:
            return self._refuse(project.freelancer, UPDATE, why, **asked)
        done = self._do(project.freelancer, UPDATE, **asked)
        project.cents, project.version = cents, project.version + 1
        self._shown(project, done)
        return "projects changed"

    def withdraw_project(self):
        """A freelancer withdraws a project, now and then, or cannot."""
        project = self._some(self.books.projects, lambda one: one.state == "PUBLISHED" or self.dice.random() < 0.1)
        return self.take_off(project) if project and self.dice.random() < 0.2 else None

    def take_off(self, project):
        """The freelancer of this project withdraws it, or cannot."""
        why = project.freelancer.gone or project.state != "PUBLISHED" and "ILLEGAL_STATE"
        if why:
            return self._refuse(project.freelancer, WITHDRAW, why, p=project.id)
        done = self._do(project.freelancer, WITHDRAW, p=project.id)
        project.state, project.version = "WITHDRAWN", project.version + 1
        self._shown(project, done)
        return "projects withdrawn"

    def _shown(self, project, done):
        # Nobody sees the profile of somebody who is suspended.
        freelancer = None if project.freelancer.barred else {"id": project.freelancer.profile}
        expected = {"id": project.id, "state": project.state, "version": project.version,
                    "price": {"amount": money(project.cents)}, "freelancer": freelancer}
        agree("a project", done, {"project": expected, "userErrors": []})

    def order(self):
        """A client orders a project by some card, or from cash, now and then at another price than it has."""
        project = self._some(self.books.projects, lambda one: one.state == "PUBLISHED" or self.dice.random() < 0.1)
        client = project and self._some(self.books.clients, lambda one: one is not project.freelancer)
        if not project:
            return None
        return self.order_by(client, project, self.card_of(client, project.cents), self.dice.random() < 0.1)

    def order_by(self, client, project, card, is_wrong=False):
        """A client orders this project by this card, or from cash, or cannot: the last order may not be paid."""
        asked = {"p": project.id, "a": {"amount": money(project.cents + is_wrong)}, **way(client, card)}
        why = self._why_no_order(client, project, is_wrong)
        why = why or self._states_of_orders(client, project.freelancer) & {"PENDING", "FUNDING"} and "ORDER_UNPAID"
        why = why or self._why_no_payment(client, card)
        if why:
            return self._refuse(client, ORDER, why, **asked)
        if card == CASH and client.cash < project.cents:
            return self._refuse_cash(client, ORDER, project.cents, **asked)
        done = self._do(client, ORDER, card in LOST, **asked)
        agree("refusals of an order", done["userErrors"], [])
        project.buyers.append(client)
        return self._ordered(client, project, card, done)

    def _states_of_orders(self, client, freelancer):
        return {one.state for one in self.books.milestones if one.contract.offer.is_order
                and one.contract.state == "ACTIVE" and one.client is client and one.freelancer is freelancer}

    def _why_no_order(self, client, project, is_wrong):
        if client.barred or project.freelancer.barred:
            return client.barred or "NOT_FOUND"
        if project.state != "PUBLISHED":
            return "ILLEGAL_STATE" if client in project.buyers else "NOT_FOUND"
        return is_wrong and "PRICE_CHANGED"

    def _ordered(self, client, project, card, done):
        offer = Offer(None, client, project.freelancer, [project.cents], self.books.now + OFFER_LIFE, is_order=True)
        self.books.offers.append(offer)
        contract = self.books.accept(offer)
        milestone = contract.milestones[0]
        payment = self.books.pay(milestone, card)
        milestone.id, contract.id = done["milestone"]["id"], done["milestone"]["contract"]["id"]
        payment.id = done["payment"]["id"]
        self._agree_on_order(milestone, done)
        if self.can_ask_again(card in LOST):
            again = self._again()
            self.books.learn(milestone)
            self._agree_on_order(milestone, again)
            return "orders known after a kill"
        return "orders from cash" if card == CASH else f"orders {payment.state}".lower()

    def _agree_on_order(self, milestone, done):
        contract = {"id": milestone.contract.id, "state": "ACTIVE"}
        agree("an order", done, {"milestone": {"id": milestone.id, "state": milestone.state, "contract": contract},
                                 "payment": answers.payment_of(milestone.payment),
                                 "cashAccount": answers.cash_of(milestone.client), "userErrors": []})
