#!/usr/bin/env python3
"""Corners that the year of affiliates stays out of or seldom comes to, each as a minimal scenario.

For each, what is right by the rules and our decisions, and what the server answers, go to stderr. Exits with 1 when
one of them differs.

    corners.py --binary target/release/connects --databases sqlite
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import random
import sys
from datetime import datetime, timezone

from caller import YearProgram
from cast import iban_of
from clocks import instant, stamp
from cornering import play_corners
from dates import DAY
from doing import Doing
from killing import ADVANCE
from line import Line
from review_corners import CORNERS_OF_FLAGS, at
from things import Browser, Person
from year import Year

START = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
STATES = """query($id: ID!) { node(id: $id) { ... on Affiliate { commissions { nodes { state reason } }
  attributions { nodes { state clicks { fate } } } } } }"""
PAUSE = """mutation { pauseTask(input: { task: "commissions" }) { userErrors { code } } }"""
RESUME = """mutation { resumeTask(input: { task: "commissions" }) { userErrors { code } } }"""
PAYOUTS = "{ viewer { payouts(first: 100) { nodes { createdAt amount { amount } state hold } } } }"


class World:
    """An admin, an affiliate, a freelancer, and a client who came by the affiliate's link."""

    def __init__(self, program):
        self.year, self.line = Year(START), Line(program, random.Random(1))
        program.run("migrate")
        program.run("register", "--admin", "admin@people.example")
        token = program.run("token", "--email", "admin@people.example").stdout.strip()
        self.admin = Person("admin", "admin@people.example", START, token=token)
        self.do = Doing(self.year, self.line, [self.admin])
        program.start_server()
        self.person = self.do.register(self.do.newcomer("affiliate"))
        self.affiliate = self.do.apply(self.person)
        self.do.decide(self.affiliate, "APPROVE")
        self.link = self.do.link(self.affiliate, "TALENT_MARKETPLACE")
        self.freelancer = self.do.register(self.do.newcomer("freelancer", is_freelancer=True))
        self.do.show(self.freelancer)
        self.browser = Browser()

    def client(self, name):
        """A new client, by the affiliate's link."""
        self.browser = Browser()
        self.do.click(self.browser, self.link)
        return self.do.register(self.do.newcomer(name, is_client=True), self.browser)

    def bring(self, name, cents):
        """A new client who pays so much, which is released at once."""
        job = self.do.hire(self.client(name), self.freelancer, cents)
        self.do.fund(job)
        self.do.release(job)
        return job

    def go(self, to):
        """Time passes."""
        done = self.line.ask(self.admin, ADVANCE, to=stamp(to))["done"]
        assert not done["userErrors"] and instant(done["to"]) == to, done
        self.year.move_clock(to)

    def commissions(self):
        """The commissions and attributions of the affiliate, as an admin sees them."""
        seen = self.line.ask(self.admin, STATES, id=self.affiliate.id)["node"]
        return ([(one["state"], one["reason"]) for one in seen["commissions"]["nodes"]],
                [(one["state"], [click["fate"] for click in one["clicks"]]) for one in seen["attributions"]["nodes"]])

    def payouts(self, person):
        """The payouts to somebody, the earliest first: day, amount, state, and what holds it."""
        nodes = self.line.ask(person, PAYOUTS)["viewer"]["payouts"]["nodes"]
        return [(one["createdAt"][:10], one["amount"]["amount"], one["state"], one["hold"]) for one in reversed(nodes)]


def suspended_when_paid(world):
    """F-8, Q-1: a client pays while the affiliate is suspended; the suspension is lifted before the task comes at 01:30.

    Had the task come before, the commission would be REVERSED; a late run must end as one on time."""
    job = world.do.hire(world.client("clara"), world.freelancer, 10_000)
    world.go(at(1, 2, 8))
    world.do.decide(world.affiliate, "SUSPEND")
    world.go(at(1, 2, 9))
    world.do.fund(job)
    world.go(at(1, 2, 10))
    world.do.decide(world.affiliate, "REINSTATE")
    world.go(at(1, 4))
    return [("REVERSED", "AFFILIATE_SUSPENDED")], world.commissions()[0]


def suspended_twice(world):
    """F-8, Q-1: the task does not come for a month in which the affiliate is suspended twice, before and after the lock.

    On time, the first suspension reverses what was pending; a late run must end as one on time."""
    world.bring("clara", 10_000)
    world.go(at(2, 9))
    world.line.ask(world.admin, PAUSE)
    for day in (at(2, 10), at(3, 5)):
        world.go(day)
        world.do.decide(world.affiliate, "SUSPEND")
        world.go(day + DAY)
        world.do.decide(world.affiliate, "REINSTATE")
    world.line.ask(world.admin, RESUME)
    world.go(at(3, 8))
    return [("REVERSED", "AFFILIATE_SUSPENDED")], world.commissions()[0]


def below_minimum(world):
    """F-7, W-5: paid on the fifteenth; 7.00 are due on 3 March, too little for 16 March; 14.00 more are due on 3 April.

    All is paid on a fixed day: on 15 April, not on 3 April."""
    world.do.pay_to(world.person, "BANK_TRANSFER", "Ann Lee", iban_of(1))
    world.bring("clara", 1_000)
    world.go(at(2, 10))
    world.bring("cleo", 2_000)
    world.go(at(4, 20))
    return [("2026-04-15", "21.00", "PAID", None)], world.payouts(world.person)


def failed_again_and_again(world):
    """F-7, W-1: paid on the fifteenth to an account that is closed; what failed is back in the balance.

    It is tried once; then it is held until the affiliate says where else to pay."""
    world.do.pay_to(world.person, "BANK_TRANSFER", "Ann closed Lee", iban_of(1))
    world.bring("clara", 10_000)
    world.go(at(4, 16))
    days = [day for day, *_ in world.payouts(world.person)]
    return ["2026-03-16"], days


def run_twice(world):
    """Q-1, W-1: the task that pays runs again, by hand or after it was killed, on the day on which a payout has failed.

    However often it runs, the end is the same: one payout, which failed."""
    world.do.pay_to(world.person, "BANK_TRANSFER", "Ann closed Lee", iban_of(1))
    world.bring("clara", 10_000)
    world.go(at(3, 16))
    for _ in range(2):
        world.line.program.run("task", "run", "affiliate-payouts")
    return ["FAILED"], [state for _, _, state, _ in world.payouts(world.person)]


def other_job_first(world):
    """F-5: the first hire is within thirty days of the click; a second one after that is paid first.

    The hire that must be in time is that of the first payment, so there is none."""
    client = world.client("clara")
    world.go(at(1, 5))
    world.do.hire(client, world.freelancer, 10_000)
    world.go(at(2, 5))
    world.do.fund(world.do.hire(client, world.freelancer, 20_000))
    world.go(at(2, 7))
    return ["NO_HIRE_IN_TIME"], [state for state, _ in world.commissions()[1]]


def click_after_registration(world):
    """F-4: a click after the registration, at the same instant of a sandbox's clock, was not superseded by a later one."""
    world.client("clara")
    world.do.click(world.browser, world.link)
    return [["TOO_LATE", "WON"]], [fates for _, fates in world.commissions()[1]]


def stale_hold(world):
    """W-1: a withdrawal was held because its account had changed; by the next runs only admins can let it go.

    What stands in its way is not the account any more."""
    world.do.fund(job := world.do.hire(world.client("clara"), world.freelancer, 1_500_000))
    world.do.release(job)
    world.go(at(1, 5))
    world.do.pay_to(world.freelancer, "BANK_TRANSFER", "Ann Lee", iban_of(1))
    world.do.withdraw(world.freelancer, 1_200_000)
    world.go(at(1, 5) + DAY)
    before = world.payouts(world.freelancer)
    world.go(at(1, 13))
    held = ("2026-01-05", "12000.00", "HELD", "PAYOUT_METHOD_CHANGED")
    return [held, (*held[:2], "SCHEDULED", None)], before + world.payouts(world.freelancer)


CORNERS = (*CORNERS_OF_FLAGS, suspended_when_paid, suspended_twice, below_minimum, failed_again_and_again, run_twice,
           other_job_first, click_after_registration, stale_hold)


def main():
    """Runs the script; returns the exit code."""
    return play_corners(__doc__, CORNERS, lambda binary, url, place: YearProgram(binary, url, START, place), World)


if __name__ == "__main__":
    sys.exit(main())
