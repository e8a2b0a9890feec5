"""People who bring themselves and each other, and honest people who look like them (F-8)."""

from datetime import timedelta

from cast import DAYS, HOUR
from dates import DAY, business, month_after, start_of
from things import Browser

RINGS = ("alike", "fellows", "through", "card", "late", "hurry", "ad", "office")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
QUICK = (SECOND, 4_999_999 * timedelta(microseconds=1), 5 * SECOND, None)
"Within five seconds, but not at once."
ADS = ("utm_medium=cpc&utm_term=Connects+Login", "gclid=1&kw=hire%20a%20designer", "utm_medium=email&utm_term=connects",
       "msclkid=7&keyword=CONNECTS", "gclid=1")
OFFICES = ((7, 1), (5, 1), (7, 11), (6, 2))
"How many come from an office, and how many days apart: five are no crowd, nor are seven within two months."


class Rings:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def ring(self, number):
        """Some people who may be a ring, of one kind after the other."""
        dice = self.dice_of(f"ring {number}")
        yield self.some_day(dice, 5, DAYS - 120)
        while not any(link.counts for link in self.year.links):
            yield self.year.now + DAY
        affiliate = dice.choice([one for one in self.year.affiliates if any(link.counts for link in one.links)])
        kind = RINGS[number % len(RINGS)]
        yield from getattr(self, f"_{kind}")(dice, f"{kind}{number}", affiliate, number // len(RINGS))

    def _bring(self, name, affiliate, device=None, after=None, query="", network=None):
        """A client comes by a link of an affiliate, in no time of a sandbox's clock."""
        browser = Browser()
        link = next((one for one in affiliate.links if one.counts), affiliate.links[0])
        self.do.click(browser, link, query=query, network=network)
        if after:
            yield self.year.now + after
        return self.do.register(self.do.newcomer(name, is_client=True), browser, device)

    def _earn(self, dice, client, affiliate, card="tok_visa"):
        """A client hires somebody who belongs to neither of them, and pays."""
        strangers = [one for one in self.freelancers if not one.suspended and not any(
            one.shares(other, self.year.now) for other in (client, affiliate.person))]
        job = self.do.hire(client, dice.choice(strangers or self.freelancers), dice.randrange(2_000, 30_000))
        yield self.year.now + MINUTE * dice.choice((1, 3_000))
        yield from self._wait(job)
        self.do.fund(job, card)
        yield self.year.now + MINUTE * dice.choice((1, 30_000))
        yield from self._wait(job)
        self.do.release(job)
        return job

    def _alike(self, dice, name, affiliate, number):
        """A client who was seen with the affiliate's device; and one with the device of a stranger."""
        device = _device_of(affiliate.person)
        if number % 3 == 2:
            device = _device_of(dice.choice(self.freelancers))
        client = yield from self._bring(name, affiliate, device)
        yield from self._earn(dice, client, affiliate)

    def _fellows(self, dice, name, affiliate, number):
        """Two clients of one device, by one affiliate or by two."""
        others = [one for one in self.year.affiliates if one is not affiliate and one.links]
        by = (affiliate, dice.choice(others) if number % 3 == 2 else affiliate)
        clients = []
        for count, one in enumerate(by):
            client = yield from self._bring(f"{name}-{count}", one, f"{name} device")
            clients.append(client)
            yield self.year.now + DAY * dice.randrange(10)
        for client, one in zip(clients, by):
            yield from self._earn(dice, client, one)

    def _through(self, dice, name, affiliate, number):
        """Somebody has the affiliate's device, and is paid to the account of a client, or of the client's freelancer."""
        middle = self.do.register(self.do.newcomer(f"{name}-middle", is_client=True), device=_device_of(affiliate.person))
        client = yield from self._bring(name, affiliate)
        job = yield from self._earn(dice, client, affiliate)
        yield self.year.now + DAY * dice.randrange(20)
        given = self.account_for(dice)
        self.do.pay_to(middle, *given)
        if number % 2 == 0:
            self.do.pay_to(client, *given)
        elif job.freelancer.method:
            method = job.freelancer.method
            self.do.pay_to(middle, method.rail, "Ann Lee", method.account, method.currency)

    def _card(self, dice, name, affiliate, number):
        """Two clients pay with one card, so that the younger one is no new client."""
        first = yield from self._bring(f"{name}-old", affiliate)
        yield self.year.now + DAY
        second = yield from self._bring(f"{name}-new", affiliate)
        for client in (first, second) if number % 2 == 0 else (second, first):
            yield from self._earn(dice, client, affiliate, f"tok_visa#{name}")

    def _late(self, dice, name, affiliate, _):
        """A client is paid to the affiliate's account once the commission has locked, before it is paid."""
        client = yield from self._bring(name, affiliate)
        job = yield from self._earn(dice, client, affiliate)
        yield start_of(month_after(job.funded_at.date(), 2)) + DAY * dice.randrange(3) + 12 * HOUR
        while not affiliate.person.method:
            yield self.year.now + DAY
        method = affiliate.person.method
        self.do.pay_to(client, method.rail, "Ann Lee", method.account, method.currency)
        for _ in range(2):
            # Before and after it is flagged.
            self.see.plan("COMMISSIONS")
            yield start_of(business((self.year.now + DAY).date())) + 12 * HOUR

    def _hurry(self, dice, name, affiliate, number):
        """Clients who register within seconds of the click, and some who do not."""
        for count, after in enumerate(QUICK):
            client = yield from self._bring(f"{name}-{count}", affiliate, after=after)
            if count % 2 == number % 2:
                yield from self._earn(dice, client, affiliate)

    def _ad(self, dice, name, affiliate, number):
        """Clients who come by ads that were found by the platform's name, or by other words, or who do not say."""
        for count, query in enumerate(ADS):
            client = yield from self._bring(f"{name}-{count}", affiliate, query=query)
            if count % 3 == number % 3:
                yield from self._earn(dice, client, affiliate)

    def _office(self, dice, name, affiliate, number):
        """People come by one affiliate from one network."""
        count, days = OFFICES[number % len(OFFICES)]
        clients = []
        for one in range(count):
            client = yield from self._bring(f"{name}-{one}", affiliate, network=f"172.16.{number % 256}.{count}")
            clients.append(client)
            if one % 2:
                yield self.year.now + 2 * DAY * days
        for client in clients[::3]:
            yield from self._earn(dice, client, affiliate)

    def shared_computer(self, affiliate):
        """More than twenty people use a computer of a library: it connects people only until then."""
        dice, device = self.dice_of("library"), "computer of a library"
        yield self.some_day(dice, 20, 60)
        early = []
        for count in range(2):
            client = yield from self._bring(f"reader{count}", affiliate, device)
            early.append(client)
        for count in range(2, 21):
            self.do.register(self.do.newcomer(f"reader{count}", is_client=True), device=device)
        yield self.year.now + DAY
        late = yield from self._bring("reader21", affiliate, device)
        for client in (*early, late):
            yield from self._earn(dice, client, affiliate)


def _device_of(person):
    return next(what for kind, what in person.traces if kind == "DEVICE")
