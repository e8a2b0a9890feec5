"""The affiliates and the freelancers of the year, and what each of them does in it."""

import random
from datetime import timedelta

from dates import DAY, business, start_of
from things import Browser

HOUR = timedelta(hours=1)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
DAYS = 365
TARGETS = (("TALENT_MARKETPLACE", None), ("PROJECT_CATALOG", None), ("DEEP_LINK", "/jobs/42?from=site"))
WAYS = (("BANK_TRANSFER", "USD"), ("BANK_TRANSFER", "EUR"), ("BANK_TRANSFER", "GBP"), ("BACS", "GBP"), ("PAYPAL", "USD"),
        ("PAYPAL", "EUR"))
WORDS = ("closed", "refused", "invalid", "lost before", "lost after")
SCHEDULES = ("FIRST", "FIFTEENTH", "THRESHOLD")


def iban_of(number):
    """A German IBAN with the right check digits."""
    account = f"37040044{number:010}"
    return f"DE{98 - int(account + '131400') % 97:02}{account}"


def account_of(rail, number):
    """An account that nobody else has."""
    return {"BANK_TRANSFER": iban_of(number), "BACS": f"200000 {number:08}", "PAYPAL": f"payee{number}@pay.example"}[rail]


def hours(dice, day):
    """Some minute of the working hours of a day."""
    return start_of(day) + timedelta(minutes=dice.randrange(7 * 60, 22 * 60))


class Cast:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def dice_of(self, who):
        """The dice of one story within the year, so that others do not change it."""
        return random.Random(f"{self.seed} {who}")

    def some_day(self, dice, low=0, high=DAYS):
        """Some working hour of some day."""
        return hours(dice, (self.start + DAY * dice.randrange(low, high)).date())

    def account_for(self, dice, word=None):
        """Rail, holder, account and currency of somebody, of whose holder the provider pays attention to a word."""
        self.accounts += 1
        rail, currency = dice.choice(WAYS)
        return rail, f"Ann {word} Lee" if word else "Ann Lee", account_of(rail, self.accounts), currency

    def join(self, number):
        """An affiliate joins: some are freelancers, or belong to an organisation; the first application may fail."""
        dice = self.dice_of(f"affiliate {number}")
        domain = f"agency{number}.agency" if number % 7 == 6 else "people.example"
        person = self.do.newcomer(f"affiliate{number}", domain, is_freelancer=number % 4 == 1)
        self.do.register(person, device=f"affiliate device {number}")
        affiliate = self.do.apply(person)
        if number % 5 == 0:
            self.do.decide(affiliate, "REJECT")
            self.do.link(affiliate, *TARGETS[0])
            self.do.apply(person)
        self.do.decide(affiliate, "APPROVE")
        for target in dice.sample(TARGETS, dice.randrange(1, 4)):
            self.do.link(affiliate, *target)
        if person.is_freelancer:
            self.do.show(person)
        schedule = SCHEDULES[number % 3]
        if number % 5:
            self.do.prefer(person, schedule, dice.choice((1_000, 10_000, 40_000)) if schedule == "THRESHOLD" else None)
        return affiliate

    def be_paid(self, affiliate, number):
        """Where an affiliate is paid: nowhere for long, to an account that fails for long, or as it should be."""
        dice = self.dice_of(f"payee {number}")
        yield self.some_day(dice, *((150, 250) if number % 5 == 4 else (0, 30)))
        word = WORDS[number // 3 % 5] if number % 3 == 1 else WORDS[3 + dice.randrange(2)] if number % 5 == 2 else None
        yield from self._set(dice, affiliate.person, word)
        if word and "lost" not in word:
            yield self.some_day(dice, 220, 330)
            yield from self._set(dice, affiliate.person)
        for month in dice.sample(range(3, 12), 3):
            # Just before a day of paying, so that it comes too late for that.
            due = business((self.start + DAY * (30.5 * month)).date().replace(day=dice.choice((1, 3, 15))))
            yield hours(dice, due - DAY * dice.randrange(1, 4))
            yield from self._set(dice, affiliate.person, dice.choice((None, None, "lost after")))
            if dice.random() < 0.5:
                schedule = dice.choice(SCHEDULES)
                threshold = dice.randrange(1_000, 60_000) if schedule == "THRESHOLD" else None
                if not affiliate.person.suspended:
                    self.do.prefer(affiliate.person, schedule, threshold)

    def _set(self, dice, person, word=None):
        """Somebody says where they are paid; one who is suspended tries, and tries again later."""
        given = self.account_for(dice, word)
        self.do.pay_to(person, *given)
        while not person.method:
            yield self.year.now + DAY
            self.do.pay_to(person, *given)

    def trouble(self, affiliate, number):
        """An affiliate is suspended for a while, or for good, or their account is; and retires a link."""
        dice = self.dice_of(f"trouble {number}")
        yield self.some_day(dice, 40, 330)
        if number % 5 == 2 or dice.random() < 0.2:
            # Often about the end of a month.
            if dice.random() < 0.6:
                edge = start_of((self.year.now + 31 * DAY).date().replace(day=1))
                yield edge + dice.choice((-HOUR, timedelta(0), HOUR, -3 * DAY))
            self.do.decide(affiliate, "SUSPEND")
            self.do.link(affiliate, *TARGETS[0])
            yield self.year.now + DAY * dice.randrange(1, 50)
            while any(one.state == "OPEN" and one.affiliate is affiliate and self.year.has_paid(one.client)
                      for one in self.year.attributions):
                # The task shall see first that the affiliate was suspended when a client paid; see `corners.py`.
                yield self.year.now + DAY
            self.do.decide(affiliate, "TERMINATE" if dice.random() < 0.2 else "REINSTATE")
        elif number % 5 in (0, 4) and not affiliate.person.suspended:
            self.do.suspend(affiliate.person)
            yield self.year.now + DAY * dice.randrange(1, 60)
            self.do.suspend(affiliate.person, lifts=True)
        links = [link for link in affiliate.links if not link.retired]
        if len(links) > 1 and not affiliate.person.suspended:
            yield self.some_day(dice, 200, 360)
            self.do.retire(dice.choice(links))

    def look_on(self, number):
        """Robots and browsers that look ahead follow links, and none of it counts."""
        dice = self.dice_of(f"robot {number}")
        yield self.some_day(dice)
        browser = Browser()
        self.do.click(browser, dice.choice(self.year.links), agent=ROBOT)
        self.do.click(browser, dice.choice(self.year.links), **{"sec-purpose": "prefetch"})

    def work(self, number):
        """A freelancer: some share a device or an organisation with an affiliate."""
        affiliate = self.year.affiliates[number % len(self.year.affiliates)]
        domain = affiliate.person.email.split("@")[1] if number % 6 == 4 else "people.example"
        person = self.do.newcomer(f"freelancer{number}", domain, is_freelancer=True)
        shares = number % 8 == 3
        self.do.register(person, device=f"{'affiliate' if shares else 'freelancer'} device "
                                        f"{number % len(self.year.affiliates) if shares else number}")
        self.do.show(person)
        return person

    def spend(self, person, number):
        """A freelancer withdraws what they have, now and then more than that, and now and then thinks better of it."""
        dice = self.dice_of(f"freelancer {number}")
        yield self.some_day(dice, 0, 60)
        self.do.withdraw(person, 2_000)
        word = WORDS[number // 2 % 5] if number % 2 else None
        self.do.pay_to(person, *self.account_for(dice, word))
        while self.year.now < self.start + DAY * DAYS:
            yield hours(dice, (self.year.now + DAY * dice.randrange(4, 24)).date())
            done = dice.random()
            if done < 0.1 and not person.suspended:
                self.do.pay_to(person, *self.account_for(dice, dice.choice((word, None))))
            elif done < 0.16 and not person.suspended:
                self.do.suspend(person)
                if person.cash >= 1_000:
                    self.do.withdraw(person, 1_000)
                for payout in [one for one in person.payouts if one.state in ("SCHEDULED", "HELD")]:
                    yield self.year.now + DAY * dice.randrange(1, 4)
                    self.do.cancel(payout)
                yield hours(dice, (self.year.now + DAY * dice.randrange(1, 5)).date())
                self.do.suspend(person, lifts=True)
            else:
                yield from self._take_out(person, dice)

    def _take_out(self, person, dice):
        cents = dice.choice((person.cash, person.cash // 2, person.cash + 1, 999, 1_000))
        payout = self.do.withdraw(person, max(cents, 1))
        if payout and dice.random() < 0.25:
            yield self.year.now + dice.choice((HOUR, 12 * HOUR, 2 * DAY))
            self.do.cancel(payout)

    def turn(self, freelancer, affiliate):
        """A freelancer is paid to the account of an affiliate from some day on: they belong together from then."""
        dice = self.dice_of("turn")
        yield self.some_day(dice, 90, 200)
        while not affiliate.person.method or freelancer.suspended:
            yield self.year.now + DAY
        method = affiliate.person.method
        self.do.pay_to(freelancer, method.rail, "Ann Lee", method.account, method.currency)
        self.do.did("freelancers who are paid to an affiliate's account")
