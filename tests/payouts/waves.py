"""How people withdraw together and are paid, by the task or by two admins, and what they do when it fails."""

import paths  # noqa: F401  # pylint: disable=unused-import

import base64
import json
from datetime import timedelta

from agreement import agree
from clockwork import morning_after
from dates import DAY, money, start_of
from doing import CANCEL, WITHDRAW
from hands import fine
from payees import ADMINS, AGAIN, CANCEL as CANCELS, EXACT, LIMIT, MEND, NEVER, WAIT
from ways import FAULTY, GOOD

EVENING = timedelta(hours=18)
PATIENCE_OF_PEOPLE = 9
"Evenings on which those look again who mended something badly."
PLAN = """{ admin { payoutPlan(purpose: WITHDRAWAL) { digest payoutCount total { amount } held { amount }
  needsSecondAdmin } } }"""
APPROVE = """mutation($d: String!, $k: String!) { done: approvePayoutPlan(input: { purpose: WITHDRAWAL, digest: $d,
  idempotencyKey: $k }) { payoutPlan { digest } userErrors { code } } }"""
PAY = """mutation($d: String!, $k: String!) { done: applyPayoutPlan(input: { purpose: WITHDRAWAL, digest: $d,
  idempotencyKey: $k }) { payoutCount total { amount } userErrors { code } } }"""
KILLED_AT = 60
"Of so many requests, one of which the server is killed at, all are repeated."
BY_TASK = ("task", "run", "withdrawals")
PAIRS = ((BY_TASK, "payments"), (("task", "run", "payments"), "withdrawals"))
"A command that pays, and what the server runs beside it."


class Waves:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def wave(self, cohort, at):
        """Some people withdraw all that they want to be paid, are paid or not, and see to it."""
        yield at
        self.withdraw(cohort.payables, kill=True)
        self.cancel([one.payables[0].payouts[0] for one in cohort.people if one.quits])
        if at.hour >= EVENING.seconds // 3600:
            self.kill_night = True
            yield morning_after(at)
        else:
            self.pay(self.kills + (cohort.kind != ADMINS), cohort.kind == EXACT)
        yield self.evening()
        yield from self.see_to_it([one for one in cohort.people if any(map(has_failed, one.payables))])

    def evening(self, days=0):
        """The evening of this day, or some days later."""
        today = start_of(self.book.now.date()) + EVENING
        return today + DAY * (days + (self.book.now > today))

    def see_to_it(self, people):
        """What those do whose payouts failed, on this evening, the next one, and as long as it takes."""
        now = {habit: [one for one in people if one.habit == habit] for habit in (MEND, WAIT, AGAIN, NEVER, CANCELS)}
        self.mend(now[MEND], lambda _: GOOD)
        self.mend(now[AGAIN], lambda person: person.dice.choice(FAULTY))
        self.withdraw([one for habit in (MEND, WAIT, AGAIN, CANCELS) for person in now[habit] for one in person.payables
                       if has_failed(one)])
        yield self.evening(1)
        self.mend(now[WAIT], lambda _: GOOD)
        # Also what the task held before it went out, of those that never mend it.
        self.cancel([one.payouts[-1] for habit in (CANCELS, NEVER) for person in now[habit] for one in person.payables
                     if waits(one)])
        again = now[AGAIN]
        for _ in range(PATIENCE_OF_PEOPLE):
            yield self.evening(1)
            failed = [one for one in again if one.method.failed]
            self.mend(failed, lambda _: GOOD)
            self.withdraw([one for person in failed for one in person.payables if has_failed(one)])
            again = [one for one in again if one not in failed]

    def mend(self, people, way):
        """People say that they are paid elsewhere from now on."""
        if people:
            self.pay_to([(one, one.new_method(way(one), self.book.now)) for one in people])
            self.tally["people who mended it"] += len(people)

    def withdraw(self, payables, kill=False):
        """People withdraw what they want to be paid, each of it by a request of its own."""
        jobs = []
        for one in payables:
            one.requested += 1
            asked = {"a": {"amount": money(one.cents)}, "k": f"withdraw {one.number} {one.requested}"}
            jobs.append((one.person.token, WITHDRAW, asked))
        for some, kills in self._parts(jobs, kill):
            for one, answer in zip(payables[some], self.hands.all(jobs[some], kills)):
                done = fine("a withdrawal", answer["done"])
                agree("the state of a new withdrawal", done["payout"]["state"], "SCHEDULED")
                self.book.withdraw(one, key_of(done["payout"]["id"]))
        self.tally["withdrawals"] += len(payables)

    @staticmethod
    def _parts(jobs, kill):
        """All of the jobs, or three parts of them; the server is killed within the second."""
        if not kill:
            return [(slice(None), False)]
        first = len(jobs) // 2
        return [(slice(first), False), (slice(first, first + KILLED_AT), True), (slice(first + KILLED_AT, None), False)]

    def cancel(self, payouts):
        """People cancel withdrawals that have not gone out."""
        jobs = [(one.person.token, CANCEL, {"p": id_of(one.key), "k": f"cancel {one.key}"}) for one in payouts]
        for one, answer in zip(payouts, self.hands.all(jobs)):
            fine("a withdrawal that is cancelled", answer["done"], payout={"state": "FAILED", "failure": "CANCELLED"})
            self.book.cancel(one)
        self.tally["withdrawals cancelled"] += len(payouts)

    def pay(self, rounds, is_split):
        """What waits is paid on this day, by the task or, if that is too much for it, by admins."""
        digest, count, total = self.see_plan()
        if total > LIMIT:
            self._leave_to_admins(count)
            self.approve_and_apply(digest, count, total)
            self.send(rounds)
        else:
            self._pay_by_itself(rounds, count, total, is_split)
        self.clockwork.settle(self.dice.randrange(2) if self.kills else 0)
        self.see.compare()

    def see_plan(self):
        """The plan says what the model says; returns its digest, how many it pays, and how much."""
        seen = self.hands.ask(self.admins[0], PLAN)["admin"]["payoutPlan"]
        paying, total, held = self.book.plan()
        agree("a plan", {name: seen[name] for name in seen if name != "digest"}, {
            "payoutCount": len(paying), "total": {"amount": money(total)}, "held": {"amount": money(held)},
            "needsSecondAdmin": total > LIMIT})
        return seen["digest"], len(paying), total

    def _leave_to_admins(self, count):
        """The task says how much it leaves to the admins, and pays nothing."""
        counts = json.loads(self.strikes.resume(*BY_TASK, "--json"))["counts"]
        agree("what the task leaves to the admins", (counts["waiting"], counts["payouts"], counts["cents"]), (count, 0, 0))
        agree("what the model leaves to the admins", self.book.run(), count)

    def approve_and_apply(self, digest, count, total):
        """One admin cannot have so much paid, two can; the server is killed while each of them tells it so."""
        first, second = self.dice.sample(self.admins, 2)
        self.plans += 1
        asked = {"d": digest, "k": f"plan {self.plans}"}
        done = self.hands.send(second, PAY, **{**asked, "k": f"alone {self.plans}"})
        agree("a plan of one admin", done["userErrors"], [{"code": "NEEDS_SECOND_ADMIN"}])
        done = self.hands.send(first, APPROVE, kill=self.kills and self.dice.random() < 0.3, **asked)
        fine("an approval", done, payoutPlan={"digest": digest})
        done = self.hands.send(second, PAY, kill=True, **asked)
        fine("a plan that is carried out", done, payoutCount=count, total={"amount": money(total)})
        self.book.apply()
        done = self.hands.send(first, PAY, **{**asked, "k": f"twice {self.plans}"})
        agree("a plan that is carried out twice", done["userErrors"], [{"code": "PAYOUT_PLAN_CHANGED"}])
        self.tally["plans of two admins"] += 1

    def _pay_by_itself(self, rounds, count, total, is_split):
        """The task pays, is killed, and pays the rest."""
        if rounds:
            self.strikes.command(*BY_TASK, more=count, is_split=is_split)
            if self.strikes.is_under_way():
                self.strikes.server("payments")
            self.send(rounds - 1)
        else:
            counts = json.loads(self.strikes.resume(*BY_TASK, "--json"))["counts"]
            agree("what the task pays", (counts["payouts"], counts["cents"], counts["waiting"]), (count, total, 0))
        agree("what the task leaves to the admins", self.book.run(), 0)
        self.tally["runs that pay by themselves"] += 1

    def send(self, rounds):
        """What has been planned goes out, by two processes at once at last; before that, some of them are killed."""
        for _ in range(rounds):
            words, task = self.dice.choice(PAIRS)
            if self.dice.random() < 0.4:
                self.strikes.both(words, task)
            else:
                self.strikes.command(*words)
                self.strikes.server(task)
        self.strikes.together(*PAIRS[0])

    def do_nothing_on(self, at):
        """On a day off, the task holds all that waits."""
        yield at
        self.strikes.resume(*BY_TASK)
        agree("what the task leaves to the admins on a day off", self.book.run(), 0)
        self.see.compare()
        self.tally["runs on a day off"] += 1


def has_failed(payable):
    """Whether the provider refused the last payout."""
    return payable.payouts[-1].state == "FAILED" and payable.payouts[-1].failure != "CANCELLED"


def waits(payable):
    """Whether the last payout waits."""
    return payable.payouts[-1].state in ("SCHEDULED", "HELD")


def key_of(text):
    """The key with the provider: it is the payout's id, which people see in another form."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().removeprefix("Payout:").replace("-", "")


def id_of(key):
    """The id in the form in which people see it."""
    text = "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
    return base64.urlsafe_b64encode(f"Payout:{text}".encode()).decode().rstrip("=")
