"""How clients come to cash and pay from it, as plots like those of `plots.py`."""

from market import CASH, LEAST_PART, LEAST_REFUND, MOST_RATE, REFUND_FAILS, VISA

SPENDING = (8, 29, 50, 71, 92)
DOOMED = 50
"On this day the server is killed while a payment from cash is under way."


class Spending:
    """The plots; they are a part of `Deeds`."""

    def spend(self, day):
        """Somebody whose card took nothing back tries to pay more than they got, and then less, and orders from the rest.

        What they paid, now and then for an hour of work, comes back in parts, or by a decision, or at once.
        """
        self._show(self.dice.choice(self.books.freelancers))
        client = self._some(self.books.clients, self._may_pay)
        if not client or not self._come_to_cash(client, self.dice.randint(50_000, 90_000)):
            return
        number = SPENDING.index(day)
        hire = (self._fresh, self._invoiced)[number % 2]
        kept = hire(client, self.dice.randint(LEAST_REFUND * 10, min(client.cash // 2, MOST_RATE)))
        if not kept:
            return
        large = self._fresh(client, client.cash + self.dice.randint(1, 5_000))
        if large:
            self._count(self.pay_by(large, CASH), self.pay_by(large, VISA))
        self.line.kills_due += day == DOOMED
        self._count(self.pay_by(kept, CASH), self._order_from_cash(client))
        yield 2
        self._settle_up(kept, (self._back_in_parts, self._back_by_decision, self._back_at_once)[number % 3])

    def keep(self, person):
        """Somebody pays from cash, comes to owe by another plot, and what they paid comes back: it settles some of that."""
        cents = self.dice.randint(LEAST_PART, 5_000)
        kept = self._may_pay(person) and self._come_to_cash(person, cents) and self._fresh(person, cents)
        if not kept:
            return
        self._count(self.pay_by(kept, CASH))
        yield 11
        owed = person.owed
        self._settle_up(kept, self._back_at_once)
        self.tally["debts settled by what was paid from cash"] += person.owed < owed

    def _come_to_cash(self, client, cents):
        """A client's card takes nothing back, so that they have so much cash, whatever they owe; whether it came to that."""
        milestone = self._fresh(client, client.owed + cents)
        if milestone:
            self._count(self.pay_by(milestone, REFUND_FAILS), self.give_back(milestone, milestone.cents))
        return client.cash >= cents

    def _invoiced(self, client, cents):
        """An invoice to a client for an hour at so much; none if all have offers that wait."""
        pair = self._pair(client)
        if not pair:
            return None
        self.admit(*pair)
        self._count(self.offer_to(*pair, [], cents))
        self._count(self.take(self.books.offers[-1]))
        contract = self.books.contracts[-1]
        self._count(self.bill(contract, 60))
        return contract.milestones[0]

    def _order_from_cash(self, client):
        """A client orders something that costs no more than they have, or tries something else."""
        project = self._some(self.books.projects, lambda one: one.state == "PUBLISHED" and one.cents <= client.cash)
        freelancer = project.freelancer if project else self.dice.choice(self.books.freelancers)
        self.admit(freelancer)
        if not project:
            self._count(self.publish_by(freelancer))
        return self.order_by(client, project or self.books.projects[-1], CASH)

    def _settle_up(self, milestone, way):
        """Lets money come back in some way, if nobody has done anything else with it."""
        if milestone.state == "FUNDED":
            self.admit(milestone.client, milestone.freelancer)
            way(milestone)

    def _back_at_once(self, milestone):
        """A freelancer gives back what is in escrow."""
        self._count(self.give_back(milestone, milestone.left))

    def _back_in_parts(self, milestone):
        """A freelancer gives back a part of what was released, and an admin decides on the rest."""
        self._count(self.let_go(milestone))
        self._count(self.give_back(milestone, self.dice.randint(LEAST_REFUND, milestone.left // 2)))
        self._back_by_decision(milestone)

    def _back_by_decision(self, milestone):
        """A client disputes, and an admin gives them a part."""
        if not milestone.dispute():
            self._count(self.dispute_by(milestone.client, milestone))
        if milestone.dispute():
            self._count(self.decide_it(milestone.dispute(), self.dice.randint(1, milestone.left - 1)))
