"""What admins look into, and what affiliates dispute, over the year (F-8, F-10)."""

from datetime import timedelta

from cast import DAYS, HOUR, hours
from dates import DAY, start_of

MINUTE = timedelta(minutes=1)
NIGHT = timedelta(hours=1)
"Before the tasks of a night."
ABOUT_A_LOCK = (-MINUTE, timedelta(0), MINUTE, 30 * MINUTE, 12 * HOUR)


class Office:
    """A part of `Story`: generators of instants; at each, the next thing is done."""

    def review(self):
        """On some days, or in some nights, an admin looks into what is flagged; some of it waits for weeks."""
        dice = self.dice_of("review")
        while self.year.now < self.start + DAY * (DAYS + 40):
            day = (self.year.now + DAY * dice.randrange(4, 15)).date()
            yield start_of(day) + NIGHT if dice.random() < 0.3 else hours(dice, day)
            self.see.flags()
            for flag in self.year.all_flags():
                self._look_into(dice, flag)

    def _look_into(self, dice, flag):
        decision = dice.choices(("CLEAR", "UPHOLD", None), (45, 25, 30))[0]
        if not decision or flag.state != "OPEN" and dice.random() < 0.98:
            return
        self.do.judge(flag, decision, dice.choice(self.admins))

    def complain(self, affiliate, number):
        """An affiliate disputes pending commissions about the end of a month, or asks about something."""
        dice = self.dice_of(f"complaint {number}")
        for month in sorted(dice.sample(range(2, 13), 4)):
            edge = start_of((self.start + DAY * (30.5 * month)).date().replace(day=1))
            yield edge + dice.choice((*ABOUT_A_LOCK, -9 * DAY, 5 * DAY))
            mine = self.see.ids_of(affiliate)
            pending = [one for one in mine if one.state == "PENDING"]
            for one in dice.sample(pending, min(2, len(pending))):
                ticket = self.do.ask_support(affiliate.person, one, mine[one], True)
                if ticket:
                    self.tell(self.go_on(ticket, self.dice_of(f"ticket {len(self.year.tickets)}")))
            if mine and dice.random() < 0.5:
                one = dice.choice(list(mine))
                self._ask(dice, affiliate.person, one, mine[one])
            for payout in [one for one in affiliate.person.payouts if one.id][:1]:
                self._ask(dice, affiliate.person, payout, payout.id)

    def _ask(self, dice, person, about, document):
        """Somebody asks, or disputes what may not be disputed."""
        ticket = self.do.ask_support(person, about, document, dice.random() < 0.5)
        if ticket:
            self.tell(self.go_on(ticket, self.dice_of(f"ticket {len(self.year.tickets)}")))

    def go_on(self, ticket, dice):
        """Both sides write, and either closes the ticket: soon, about the end of a month, or after several."""
        support = dice.choice(self.admins)
        if dice.random() < 0.7:
            yield self.year.now + MINUTE * dice.choice((1, 600, 3_000))
            self.do.write(ticket, support, "We look into it.")
        if dice.random() < 0.4:
            yield self.year.now + MINUTE * dice.choice((1, 600, 3_000))
            self.do.write(ticket, ticket.person, "Well?")
        edge = start_of((self.year.now + 31 * DAY * dice.randrange(1, 4)).date().replace(day=1))
        yield dice.choice((self.year.now + HOUR, self.year.now + 3 * DAY, edge + dice.choice(ABOUT_A_LOCK)))
        self.do.close(ticket, dice.choice((support, ticket.person)))
        if dice.random() < 0.2:
            self.do.write(ticket, support, "Too late.")
