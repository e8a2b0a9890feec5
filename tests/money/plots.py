"""What takes people several days and does not happen by chance, as generators that yield how many days to wait."""

from market import CASH, CHARGED_BACK, FAILURES, FAILURES_A_DAY, LEAST_REFUND, LOST, REFUND_LOST, VISA
from spending import SPENDING

OWING = range(3, 90, 12)
LEAVING = (31, 64, 93)
BARRING = (20, 55, 85)
TRYING = (25, 60, 95)
DYING = (40, 70, 100)


class Plots:
    """The plots; they are a part of `Deeds`."""

    def go_on(self, day):
        """Begins the plots of a day, and goes on with those that wait for it."""
        both = self.books.both
        due = [plot(both[day // 12 % len(both)]) for plot in (self.owe, self.keep) if day in OWING]
        due += [self.spend(day)] if day in SPENDING else []
        due += [plot() for plot, days in ((self.depart, LEAVING), (self.bar, BARRING), (self.try_cards, TRYING)) if day in days]
        due += [plot for at, plot in self.begun if at == day]
        self.begun = [(at, plot) for at, plot in self.begun if at != day]
        if day in DYING:
            self.die_unknowing((LOST[0], LOST[1], REFUND_LOST[day % 2])[DYING.index(day)])
        for plot in due:
            wait = next(plot, None)
            if wait:
                self.begun.append((day + wait, plot))

    def owe(self, person):
        """Somebody comes to owe, and again, and pays.

        What they pay for is given back to their card, and that comes back to the provider, unnoticed, before their bank
        takes it as well. What they earn then goes into that debt, so that nothing is there when another bank takes it back.
        In the end they earn enough.
        """
        self._show(person)
        cents = self._odd_amount(person.cash + self.dice.randint(20_000, 60_000))
        worker = self._some(self.books.freelancers, lambda one: one.profile and not self.is_courting(person, one))
        if not worker or not self._may_pay(person):
            return
        first = self._hire(person, worker, cents)
        self._count(self.pay_by(first, CHARGED_BACK), self.give_back(first, cents))
        yield 8
        self.bank.bounce(CHARGED_BACK, cents)
        self.books.bounce(first.refunds[0])
        self.tally["refunds that come back to the provider"] += 1
        yield 1
        second = self._pay_to(person, self.dice.randint(5_000, 15_000), CHARGED_BACK)
        yield 3
        if second and second.state == "FUNDED":
            self.admit(person)
            self._count(self.let_go(second))
        yield 9
        third = self._pay_to(person, person.owed * 10 // 9 + self.dice.randint(500, 5_000), VISA)
        if third:
            self._count(self.let_go(third))

    def depart(self):
        """Somebody winds up all their contracts, closes their account, and opens it again."""
        funding = [one for one in self.books.milestones if one.state == "FUNDING"]
        busy = [person for one in funding for person in (one.client, one.freelancer)]
        free = [one for one in self.books.people if one not in busy and not one.closed]
        if not free:
            return
        person = min(free, key=lambda one: len(self._bonds(one)))
        for contract in self._bonds(person):
            self._wind_up(contract, person)
        self.admit(person)
        self._count(self.leave(person))
        yield 4
        if person.closed:
            self._count(self.come_back(person))

    def _bonds(self, person):
        return [one for one in self.books.contracts
                if person in (one.offer.client, one.offer.freelancer) and not one.is_over]

    def _wind_up(self, contract, person):
        self.admit(contract.offer.client, contract.offer.freelancer)
        for milestone in contract.milestones:
            if milestone.state == "FUNDED":
                self._count(self.let_go(milestone))
            if milestone.dispute():
                self._count(self.close_dispute(milestone.dispute()))
        if contract.state == "ACTIVE":
            self._count(self.end_it(contract, person))

    def race(self, milestone):
        """A freelancer gives back what a bank has taken back, which nobody here has heard of: it goes into cash."""
        cents = milestone.left if milestone.state == "FUNDED" else self.dice.randint(1, milestone.left)
        if milestone.state == "RELEASED" and cents < LEAST_REFUND:
            cents = milestone.left
        self._count(self.give_back(milestone, cents))
        self.tally["refunds after a charge-back"] += 1

    def bar(self):
        """One of the sides of a milestone is suspended, so that nobody can pay for it, and then reinstated."""
        milestone = self.unpaid()
        if not milestone:
            return
        self.admit(milestone.client, milestone.freelancer)
        person = self.dice.choice((milestone.client, milestone.freelancer))
        self._count(self.suspend_one(person), self.pay_by(milestone, VISA))
        yield 3
        if person.suspended:
            self._count(self.lift(person))

    def try_cards(self):
        """A client tries out cards, until no other card of theirs is charged on that day; cash they may still pay."""
        milestone = self._fresh()
        if not milestone:
            return
        while milestone.client.failures(self.books.now) < FAILURES_A_DAY:
            self._count(self.pay_by(milestone, self.dice.choice(list(FAILURES))))
        self._count(self.pay_by(milestone, VISA), self.pay_by(milestone, CASH))
        yield 3
        if milestone.state == "PENDING" and milestone.contract.state == "ACTIVE":
            self.admit(milestone.client, milestone.freelancer)
            self._count(self.pay_by(milestone, VISA))

    def die_unknowing(self, card):
        """A card leaves nobody knowing whether it paid, or was given back; the server is killed while that is asked about."""
        milestone = self._fresh()
        if milestone and card in REFUND_LOST:
            self._count(self.pay_by(milestone, card))
        self.line.kills_due += 1
        if milestone and card in REFUND_LOST:
            self._count(self.give_back(milestone, milestone.cents))
        elif milestone:
            self._count(self.pay_by(milestone, card))

    def pay_and_lose(self):
        """A client pays by a card that leaves nobody knowing."""
        milestone = self._fresh()
        if milestone:
            self._count(self.pay_by(milestone, LOST[0]))

    def _fresh(self, client=None, cents=None):
        """A part of a new contract, of this client or any, in good standing; none if all have offers that wait."""
        pair = self._pair(client)
        return self._hire(*pair, cents or self.dice.randint(500, 90_000)) if pair else None

    def _pair(self, client=None):
        """This client, or any, and somebody to whom they can offer something; none if all have offers that wait."""
        clients = [client] if client else self.books.clients
        pairs = [(one, other) for one in clients for other in self.books.freelancers
                 if other.profile and not self.is_courting(one, other) and self._may_pay(one)]
        return self.dice.choice(pairs) if pairs else None

    def _hire(self, client, freelancer, cents):
        """A client hires a freelancer directly; the one part of the contract."""
        self.admit(client, freelancer)
        self._count(self.offer_to(client, freelancer, [cents]))
        self._count(self.take(self.books.offers[-1]))
        return self.books.contracts[-1].milestones[0]

    def _pay_to(self, freelancer, cents, card):
        """A part of a new contract that somebody who only buys has paid for; none if nobody may."""
        client = self._some(self.books.clients, lambda one: one not in self.books.both and self._may_pay(one))
        milestone = client and self._hire(client, freelancer, cents)
        if milestone:
            self._count(self.pay_by(milestone, card))
        return milestone

    def _may_pay(self, client):
        """Whether so few payments of a client have failed that some more may."""
        return client.failures(self.books.now) < FAILURES_A_DAY - 1

    def _show(self, person):
        """Lets people know by which id somebody is hired: once they publish something, everybody sees it."""
        self.admit(person)
        if not person.profile:
            self._count(self.publish_by(person), self.take_off(self.books.projects[-1]))

    def _odd_amount(self, cents):
        """The first amount from `cents` that nobody has paid, so that the provider's row can be told from others."""
        paid = {one.cents for one in self.books.payments}
        return next(one for one in range(cents, cents + len(paid) + 1) if one not in paid)

    def _count(self, *done):
        self.tally.update(done)
