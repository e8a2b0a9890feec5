"""The model: what each click, registration, hire and payment must come to. It shares no code with the server."""

from datetime import timedelta

from dates import next_tick, start_of
from earning import Earning
from outgoing import ASK_AGAIN, Outgoing
from suspecting import Suspecting, term_of
from things import KNOWN_BY, WINDOW, Attribution, Click, Payout, trace_of
from tickets import Asking

CHARGED_BACK, CHARGED_BACK_AFTER = "tok_charged_back", timedelta(days=10)
LOST_CARDS = ("tok_lost_before", "tok_lost_after")
DECLINED = "tok_declined"
TIMES = ((timedelta(hours=1, minutes=30), "sweep", ()), (timedelta(hours=2), "run", ("COMMISSIONS",)),
         (timedelta(hours=3), "run", ("WITHDRAWAL",)))
"When the tasks run on each day."


class Year(Earning, Outgoing, Suspecting, Asking):
    """Everything there is, and the clock."""

    def __init__(self, now):
        self.now = now
        self.people, self.affiliates, self.links = [], [], []
        self.attributions, self.jobs, self.commissions, self.payouts, self.tickets = [], [], [], [], []
        self.flags = {}
        "What may be fraud, by client."
        self.ran_until = now - timedelta(microseconds=1)
        self.last_runs, self.for_admins = {}, set()
        "When the tasks that pay ran last, and what waits for admins because it is too much."
        self.asked = []
        "What becomes known by the task `payments`: when, what is done then, and of what."

    def later(self, at, what, *of):
        """Something is done when the task `payments` runs at an instant."""
        self.asked.append((at, what, of))

    def move_clock(self, to):
        """Lets time pass, with all that the tasks do on the way; `payments` runs before the others."""
        while True:
            coming = [(at, 0, what, of) for at, what, of in self.asked] + self._tasks()
            at, is_task, what, of = min(coming, key=lambda one: one[:2])
            if at > to:
                self.now = to
                return
            if not is_task:
                self.asked.remove((at, what, of))
            else:
                self.ran_until = at
            self.now = at
            what(*of)

    def _tasks(self):
        """The next runs of the tasks that run once a day."""
        today = start_of(self.ran_until.date())
        times = [(today + timedelta(days=days) + after, 1, getattr(self, name), of)
                 for days in (0, 1, 2) for after, name, of in TIMES]
        return [one for one in times if one[0] > self.ran_until]

    def register(self, person):
        """Somebody has an account now."""
        for kind, what in trace_of(person.email):
            person.seen(kind, what, self.now)
        self.people.append(person)

    def click(self, browser, link, query="", network=None):
        """A person of a network, or of one that nobody else has, clicks on a link; whether that counts."""
        if link.counts:
            browser.clicks.append(Click(link, self.now, network or object(), term_of(query)))
        return link.counts

    def attribute(self, person, browser):
        """The registration of `person`, who was just registered, is attributed to the last click of the browser."""
        if not browser.clicks:
            return None
        one = Attribution(person, browser, browser.clicks[-1], self.now)
        one.refusal = self._refusal(one)
        one.state = "REFUSED" if one.refusal else "OPEN"
        self.attributions.append(one)
        one.affiliate.brought.append(one)
        if one.state == "OPEN":
            self.arrive(one)
        return one

    def _refusal(self, one):
        person = one.client
        if one.affiliate.state != "APPROVED":
            return "AFFILIATE_NOT_APPROVED"
        if self.now - one.click.at >= WINDOW:
            return "CLICK_TOO_OLD"
        if person.is_freelancer:
            return "FREELANCER"
        if not person.is_client:
            return "NOT_A_CLIENT"
        is_known = any(person.shares(other, self.now, KNOWN_BY) for other in self.people if other is not person)
        return "KNOWN_PERSON" if is_known else None

    def pay(self, job, card):
        """A client pays by a card: the state of the payment, and why it failed."""
        if card == DECLINED:
            return "FAILED", "DECLINED"
        job.card = card
        if card in LOST_CARDS:
            job.state = "FUNDING"
            self.later(next_tick(self.now + ASK_AGAIN), lambda: job.fund(self.now))
            return "UNKNOWN", None
        job.fund(self.now)
        if card == CHARGED_BACK:
            self.later(next_tick(self.now + CHARGED_BACK_AFTER), lambda: job.charge_back(self.now))
        return "PAID", None

    def withdraw(self, person, cents):
        """Somebody withdraws so much of their cash, which is there."""
        person.cash -= cents
        payout = Payout(person, "WITHDRAWAL", cents, self.now)
        person.payouts.append(payout)
        self.payouts.append(payout)
        return payout

    def decide(self, affiliate, decision):
        """An admin decides on an affiliate."""
        after = {"APPROVE": "APPROVED", "REJECT": "REJECTED", "SUSPEND": "SUSPENDED", "REINSTATE": "APPROVED",
                 "TERMINATE": "TERMINATED"}[decision]
        if affiliate.state == "APPROVED" and after in ("SUSPENDED", "TERMINATED"):
            affiliate.times_off.append([self.now, None])
        if decision == "REINSTATE":
            affiliate.times_off[-1][1] = self.now
        affiliate.state = after

    def pending(self, person):
        """What is in escrow for a freelancer."""
        return sum(one.cents for one in self.jobs if one.freelancer is person and one.state == "FUNDED")

    def has_paid(self, client):
        """Whether a client has paid for anything."""
        return any(one.client is client and one.funded_at for one in self.jobs)
