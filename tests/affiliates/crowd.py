"""The people who come by links, or without: who they are, whom they hire, and what they pay."""

from datetime import timedelta

from cast import DAYS, HOUR
from dates import DAY, business, month_after, next_lock, start_of
from things import WINDOW, Browser

KINDS = {"client": 66, "freelancer": 5, "both": 3, "affiliate": 4, "known": 8, "colleague": 4, "unlinked": 4, "late": 6}
AMOUNTS = (10_000, 21_427, 21_428, 21_429, 714, 715, 1_428, 1_429, 501)
MINUTE = timedelta(minutes=1)


class Crowd:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def come(self, number):
        """Somebody clicks on links, registers, hires, and pays."""
        dice = self.dice_of(f"person {number}")
        yield self.some_day(dice, 0, DAYS - 35)
        kind = dice.choices(list(KINDS), KINDS.values())[0]
        browser = Browser()
        if kind != "unlinked":
            yield from self._click(dice, browser, kind == "late")
        person = self._register(dice, browser, kind, f"person{number}")
        if dice.random() < 0.15 and browser.cookie:
            yield self.year.now + MINUTE * dice.randrange(1, 3_000)
            self.do.click(browser, self._link(dice))
        if person.is_client:
            yield from self._hire(dice, person)
        if dice.random() < 0.05 and browser.clicks:
            # Somebody else of the same household, by the same browser.
            yield self.year.now + MINUTE * dice.randrange(1, 3_000)
            other = self._register(dice, browser, "client", f"household{number}")
            yield from self._hire(dice, other)

    def _link(self, dice):
        """Any link, mostly one of which clicks count."""
        counting = [one for one in self.year.links if one.counts]
        return dice.choice(counting if counting and dice.random() < 0.85 else self.year.links)

    def _click(self, dice, browser, is_late):
        """Several clicks, over days or weeks; then the time until the registration."""
        for _ in range(dice.choices((1, 2, 3, 5), (60, 20, 15, 5))[0]):
            self.do.click(browser, self._link(dice))
            yield self.year.now + MINUTE * dice.choice((2, 90, 3_000, 20_000))
        if not browser.clicks:
            return
        last = browser.clicks[-1].at + WINDOW
        if is_late:
            yield last + dice.choice((timedelta(0), MINUTE, 5 * DAY))
        elif dice.random() < 0.1:
            yield last - MINUTE

    def _register(self, dice, browser, kind, name):
        """Somebody registers; some are known already, by their address or by a colleague."""
        domain = "people.example"
        device = None
        if kind == "known":
            domain = "people.example"
            name = f"{dice.choice(self.known)}+{name}"
        elif kind == "colleague":
            domain = f"firm{dice.randrange(3)}.company"
        elif dice.random() < 0.04 and self.freelancers:
            device = f"freelancer device {dice.randrange(len(self.freelancers))}"
        person = self.do.newcomer(name, domain, is_client=kind not in ("freelancer", "affiliate"),
                                  is_freelancer=kind in ("freelancer", "both"))
        self.do.register(person, browser, device)
        self.known.append(name.split("+")[0])
        if domain != "people.example":
            self.known.pop()
        return person

    def _hire(self, dice, client):
        """A first hire at some time, mostly within thirty days of the click; and now and then another one."""
        came = next((one for one in self.year.attributions if one.client is client), None)
        late = came.hire_before if came else self.year.now + WINDOW
        done = dice.random()
        if done < 0.05:
            return
        if done < 0.12:
            yield late + dice.choice((timedelta(0), MINUTE, DAY))
        elif done < 0.2:
            yield late - MINUTE
        else:
            yield self.year.now + MINUTE * dice.choice((5, 600, 5_000, 20_000))
        job = yield from self._job(dice, client, came)
        if dice.random() < 0.2:
            yield self.year.now + DAY * dice.choice((0, 1, 31))
            other = yield from self._job(dice, client, came)
            if dice.random() < 0.5:
                job, other = other, job
            yield from self._pay(dice, job)
            yield from self._pay(dice, other)
            yield from self._end(dice, other)
        else:
            yield from self._pay(dice, job)
        yield from self._end(dice, job)

    def _job(self, dice, client, came):
        """Whom a client hires: now and then somebody who belongs to their affiliate, or the affiliate."""
        everybody = [*self.freelancers, *(one.person for one in self.year.affiliates if one.person.is_freelancer)]
        related = [one for one in everybody if came and one.shares(came.affiliate.person, self.year.now)]
        freelancer = dice.choice(related if related and dice.random() < 0.25 else everybody)
        while freelancer.suspended:
            yield self.year.now + DAY
        cents = dice.choice(AMOUNTS) if dice.random() < 0.4 else dice.randrange(500, 60_000)
        return self.do.hire(client, freelancer, cents)

    def _pay(self, dice, job):
        """The client pays, by a card that works at last."""
        yield self.year.now + MINUTE * dice.choice((1, 1, 300, 3_000, 30_000))
        yield from self._wait(job)
        done = dice.random()
        if done < 0.08:
            self.do.fund(job, "tok_declined")
            yield self.year.now + MINUTE * dice.choice((1, 2_000))
            yield from self._wait(job)
        if 0.08 < done < 0.16:
            # Begun just before the end of a month, and known after it.
            if dice.random() < 0.5:
                yield next_lock(self.year.now) - MINUTE
                yield from self._wait(job)
            self.do.fund(job, dice.choice(("tok_lost_before", "tok_lost_after")))
            yield self.year.now + HOUR
        elif done < 0.24:
            # The bank takes it ten days later.
            self.do.fund(job, "tok_charged_back")
        else:
            self.do.fund(job)
        if dice.random() < 0.04 and job.freelancer.method:
            method = job.freelancer.method
            yield self.year.now + DAY * dice.randrange(1, 80)
            self.do.pay_to(job.client, method.rail, "Ann Lee", method.account, method.currency)
            self.do.did("clients who are paid to their freelancer's account")

    def _wait(self, job):
        while job.freelancer.suspended:
            yield self.year.now + DAY

    def _end(self, dice, job):
        """What becomes of the money: released about the end of a month or at once, refunded before or after, disputed."""
        lock = start_of(month_after(job.funded_at.date(), 2))
        if dice.random() < 0.25:
            lock = start_of(month_after(job.funded_at.date(), dice.randrange(3, 5)))
        now = self.year.now
        yield dice.choice((now + HOUR, now + 5 * DAY, lock - MINUTE, lock, lock + MINUTE, lock - 9 * DAY))
        yield from self._wait(job)
        if job.state != "FUNDED":
            return
        done = dice.random()
        if job.card == "tok_charged_back":
            if self.year.now < job.funded_at + 10 * DAY or done < 0.7:
                self.do.release(job)
        elif done < 0.1:
            self.do.refund(job, job.cents)
        elif done < 0.18:
            self.do.settle(job, dice.choice((job.cents, dice.randrange(1, job.cents))))
        elif done < 0.95:
            self.do.release(job)
        if job.state == "RELEASED" and job.card != "tok_charged_back" and dice.random() < 0.25:
            yield dice.choice((self.year.now + HOUR, lock - MINUTE, lock, lock + 5 * DAY))
            yield from self._wait(job)
            self.do.refund(job, dice.choice((job.left, dice.randrange(min(100, job.left), job.left + 1))))

    def rush(self, number, affiliate):
        """One of many who come by the same affiliate in one month, and pay so much that the task does not pay by itself."""
        dice = self.dice_of(f"rush {number}")
        yield self.some_day(dice, 151, 175).replace(hour=12, minute=0)
        browser = Browser()
        for link in affiliate.links:
            self.do.click(browser, link)
        client = self._register(dice, browser, "client", f"rush{number}")
        strangers = [one for one in self.freelancers if not one.shares(affiliate.person, self.year.now)]
        freelancer = dice.choice([one for one in strangers if not one.suspended] or strangers)
        while freelancer.suspended:
            yield self.year.now + DAY
        job = self.do.hire(client, freelancer, dice.randrange(21_428, 30_000))
        self.do.fund(job)
        self.do.release(job)

    def owe(self, person, number):
        """Somebody withdraws what a bank takes back on the next day: that holds it, and what they earn as an affiliate."""
        dice = self.dice_of(f"owe {number}")
        yield self.some_day(dice, 40 + 70 * number, 70 + 70 * number)
        client = self.do.register(self.do.newcomer(f"poor{number}", is_client=True))
        while person.suspended:
            yield self.year.now + DAY
        job = self.do.hire(client, person, dice.randrange(30_000, 60_000))
        self.do.fund(job, "tok_charged_back")
        self.do.release(job)
        yield self.year.now + 9 * DAY
        if person.suspended or person.cash < 1_000:
            return
        self.do.pay_to(person, *self.account_for(dice))
        payout = self.do.withdraw(person, person.cash)
        yield start_of(business((self.year.now + 2 * DAY).date())) + 12 * HOUR
        self.compare()
        yield self.year.now + DAY * dice.randrange(1, 20)
        self.do.cancel(payout)

    def splash(self, number):
        """A freelancer earns so much that the task does not pay it by itself, and withdraws it."""
        dice = self.dice_of(f"splash {number}")
        yield self.some_day(dice, 30 + 100 * number, 90 + 100 * number)
        client = self.do.register(self.do.newcomer(f"rich{number}", is_client=True))
        freelancer = dice.choice([one for one in self.freelancers if not one.suspended] or self.freelancers)
        while freelancer.suspended:
            yield self.year.now + DAY
        job = self.do.hire(client, freelancer, 1_500_000)
        self.do.fund(job)
        self.do.release(job)
        rail, _, account, currency = self.account_for(dice)
        self.do.pay_to(freelancer, rail, "Ann Lee", account, currency)
        yield start_of(business((self.year.now + 3 * DAY).date())) + 12 * HOUR
        for _ in range(5):
            if freelancer.suspended or freelancer.cash < 1_200_000:
                yield self.year.now + 4 * DAY
        if freelancer.suspended or freelancer.cash < 1_200_000:
            return
        self.do.withdraw(freelancer, 1_200_000)
        self.do.did("withdrawals that wait for admins")
