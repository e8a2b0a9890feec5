"""The marketplace: freelancers and affiliates, whom banks pay, and clients, who bring the money."""

import os
from datetime import timedelta

from agreement import agree
from caller import YearProgram
from doing import METHOD, PASSWORD, Doing
from names import nobody
from things import Browser, Person

FREELANCERS, AFFILIATES, HIRES_OF_ONE = 12, 2, 2
"So many at a scale of 1; each affiliate brings so many clients."
HOUR = timedelta(hours=1)
RICH = 1_500_000
"What the first freelancer is paid: more than a task pays by itself."
PAYER = {"NAME": "Connects & Søns / \"Payouts\" Ltd", "IBAN": "GB33BUKB20201555555555", "BIC": "BUKBGB22",
         "SORT_CODE": "202015", "ACCOUNT_NUMBER": "55555555", "SERVICE_USER": "123456"}


class FilesProgram(YearProgram):
    """The program, which writes files of payouts into a folder."""

    def __init__(self, binary, database_url, start, folder):
        super().__init__(binary, database_url, start, folder)
        self.payouts = os.path.join(folder, "payouts")
        self.environment["CONNECTS_PAYOUTS__FOLDER"] = self.payouts
        self.environment |= {f"CONNECTS_PAYOUTS__PAYER__{name}": value for name, value in PAYER.items()}


class Desk(Doing):
    """What people do; and where they are paid, written in any way in which it can be written."""

    def pay_into(self, person, account):
        """Somebody says where they are paid."""
        given = {**account.typed, "password": PASSWORD}
        done = self.line.ask(person, METHOD, input=given)["done"]
        method = {"rail": account.rail, "currencyCode": account.currency}
        agree(f"a payout method of {account.holder!r}", done, {"payoutMethod": method, "userErrors": []})
        person.method = account
        person.seen("PAYOUT", account.account, self.year.now)
        self.did(f"payout methods {account.rail} {account.currency}")

    def pay_nobody(self, person, account):
        """Somebody gives a name that no bank can write; where they are paid stays as it was."""
        given = {**account.typed, "password": PASSWORD}
        done = self.line.ask(person, METHOD, input=given)["done"]
        refusal = {"payoutMethod": None, "userErrors": [{"code": "INVALID_INPUT"}]}
        agree(f"a payout method of {account.holder!r}", done, refusal)
        self.did("names that no bank can write")


class Office:
    """A part of `Story`: how it begins, and what people ask for on a day."""

    def cast(self):
        """Freelancers with money, and affiliates with commissions that are due in December."""
        client = self.patron()
        for number in range(FREELANCERS * self.scale):
            cents = self.dice.randrange(20_000, 150_000) if number else RICH
            self.freelancers.append(self.payee(client, f"freelancer{number}", cents=cents))
        for number in range(AFFILIATES * self.scale):
            self._affiliate(number)

    def patron(self):
        """A new client, whom nobody brought."""
        return self.do.register(self.do.newcomer(f"client{len(self.year.people)}", is_client=True))

    def payee(self, client, name, way=None, holder=None, cents=60_000):
        """A new freelancer with money, and an account to which it can go."""
        person = self.do.register(self.do.newcomer(name, is_freelancer=True))
        self.do.show(person)
        self.earn(client, person, cents)
        self.do.pay_into(person, self.payees.some(self.year.now, way, holder))
        return person

    def earn(self, client, person, cents):
        """A client pays somebody for a job."""
        job = self.do.hire(client, person, cents)
        self.do.fund(job)
        self.do.release(job)

    def _affiliate(self, number):
        affiliate = self.do.apply(self.do.register(self.do.newcomer(f"affiliate{number}")))
        self.do.decide(affiliate, "APPROVE")
        link = self.do.link(affiliate, "TALENT_MARKETPLACE")
        if number % 2:
            self.do.prefer(affiliate.person, "THRESHOLD", 1_000)
        self.do.pay_into(affiliate.person, self.payees.some(self.year.now))
        browsers = [Browser() for _ in range(HIRES_OF_ONE)]
        for browser in browsers:
            self.do.click(browser, link)
        # Nobody registers at the very instant of their click.
        self.advance(self.year.now + HOUR)
        for one, browser in enumerate(browsers):
            client = self.do.register(self.do.newcomer(f"brought{number}-{one}", is_client=True), browser)
            self.earn(client, self.dice.choice(self.freelancers), self.dice.randrange(10_000, 30_000))

    def ask(self):
        """What people ask for on a day."""
        # The first one waits for the day on which they withdraw more than a task pays.
        is_early = self.year.now < self.large_at
        for person in self.freelancers[1:] if is_early else self.freelancers:
            if self.year.is_refused(person) and self.dice.random() < 0.7 or self.dice.random() < 0.05:
                self.do.pay_into(person, self.payees.some(self.year.now))
            if person.cash >= 1_000 and self.dice.random() < 0.4:
                self.withdraw(person, self._amount(person))
        for affiliate in self.year.affiliates:
            if self.year.is_refused(affiliate.person):
                self.do.pay_into(affiliate.person, self.payees.some(self.year.now))
        if self.dice.random() < 0.4:
            way = self.payees.dice.choice(self.ways)
            self.do.pay_nobody(self.dice.choice(self.freelancers), self.payees.some(self.year.now, way, nobody(self.dice)))

    def withdraw(self, person, cents):
        """Somebody withdraws money, which may be what a bank gave back."""
        if any(one.failure for one in person.payouts):
            self.do.did("withdrawals of what a bank gave back")
        self.do.withdraw(person, cents)

    def _amount(self, person):
        """The least, all there is, half a penny in pounds, or anything; not too much for the task that pays."""
        most = min(person.cash, 60_000)
        halves = 1_100 + 200 * self.dice.randrange(20)
        return self.dice.choice((1_000, 1_001, min(halves, most), most, self.dice.randint(1_000, most)))


def admin_of(program, names, start):
    """Admins; commands make them."""
    emails = [f"{name}@people.example" for name in names]
    for email in emails:
        program.run("register", "--admin", email)
    tokens = program.run("token", *(word for email in emails for word in ("--email", email))).stdout.split()
    return [Person(name, email, start, token=token) for name, email, token in zip(names, emails, tokens)]
