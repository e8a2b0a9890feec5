"""Corners of flags (F-8); see `corners.py`."""

from datetime import datetime, timedelta, timezone

from affiliates import PAY
from agreement import Disagreement
from cast import iban_of
from reviewing import JUDGE
from things import Browser

PLAN = "{ admin { payoutPlan(purpose: COMMISSIONS) { digest lines(first: 9) { nodes { hold } } } } }"
FLAGS = "{ admin { affiliateFlags(first: 9) { nodes { id kind } } } }"
LOCKED = "{ viewer { affiliate { commissions { nodes { state reason locked { amount } } } } } }"


def at(month, day, hour=12):
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=timezone.utc)


def uphold(world):
    """An admin upholds the only flag."""
    flag, = world.line.ask(world.admin, FLAGS)["admin"]["affiliateFlags"]["nodes"]
    done = world.do.send(world.admin, JUDGE, f=flag["id"], d="UPHOLD")
    world.do.fine("a decision", done, affiliateFlag={"state": "UPHELD"})


def upheld_then_paid(world):
    """F-8, W-1: a commission is due; an admin upholds a flag, and has the plan carried out before the task comes at 01:30.

    What is upheld is outside the terms, and what is not paid yet is never paid."""
    world.do.pay_to(world.person, "BANK_TRANSFER", "Ann Lee", account := iban_of(1))
    job = world.bring("clara", 10_000)
    world.go(at(3, 2))
    world.do.pay_to(job.client, "BANK_TRANSFER", "Ann Lee", account)
    world.go(at(3, 17))
    uphold(world)
    plan = world.line.ask(world.admin, PLAN)["admin"]["payoutPlan"]
    world.do.send(world.admin, PAY, p="COMMISSIONS", d=plan["digest"])
    return (["OUTSIDE_TERMS"], []), ([line["hold"] for line in plan["lines"]["nodes"]], world.payouts(world.person))


def upheld_before_the_lock(world):
    """F-8, Q-1: an admin upholds a flag on the last day of the month, and the task comes after its end.

    Had the task come in between, nothing would have locked; a late run must end as one on time."""
    browser = Browser()
    world.do.click(browser, world.link)
    world.go(at(1, 1) + timedelta(seconds=3))
    client = world.do.register(world.do.newcomer("clara", is_client=True), browser)
    world.do.fund(job := world.do.hire(client, world.freelancer, 10_000))
    world.do.release(job)
    world.go(at(2, 28, 20))
    uphold(world)
    world.go(at(3, 2))
    one, = world.line.ask(world.person, LOCKED)["viewer"]["affiliate"]["commissions"]["nodes"]
    return ("OUTSIDE_TERMS", "FRAUD", "0.00"), (one["state"], one["reason"], one["locked"]["amount"])


def paid_beside_review(world):
    """F-8, W-1: two commissions of an affiliate are due; one client was seen with the affiliate's account meanwhile.

    One is paid, and the other is under review."""
    world.do.pay_to(world.person, "BANK_TRANSFER", "Ann Lee", account := iban_of(1))
    clara = world.bring("clara", 10_000).client
    world.bring("cleo", 10_000)
    world.go(at(3, 5))
    world.do.pay_to(clara, "BANK_TRANSFER", "Ann Lee", account)
    try:
        world.go(at(3, 17))
    except Disagreement as no:
        return "one payout", str(no)[:200]
    return "one payout", "one payout" if len(world.payouts(world.person)) == 1 else world.payouts(world.person)


def hired_themselves(world):
    """F-8: an affiliate who is a freelancer is hired by their client, and was seen with the device of somebody else.

    Client and freelancer are connected with the affiliate through nobody: the freelancer is the affiliate."""
    ann = world.do.register(world.do.newcomer("ann", is_freelancer=True), device="a red laptop")
    world.do.register(world.do.newcomer("sister", is_client=True), device="a red laptop")
    world.do.show(ann)
    affiliate = world.do.apply(ann)
    world.do.decide(affiliate, "APPROVE")
    browser = Browser()
    world.do.click(browser, world.do.link(affiliate, "TALENT_MARKETPLACE"))
    client = world.do.register(world.do.newcomer("clara", is_client=True), browser)
    world.do.fund(world.do.hire(client, ann, 10_000))
    world.go(at(1, 3))
    return [], [one["kind"] for one in world.line.ask(world.admin, FLAGS)["admin"]["affiliateFlags"]["nodes"]]


CORNERS_OF_FLAGS = (paid_beside_review, upheld_then_paid, upheld_before_the_lock, hired_themselves)
