"""A referral campaign, by the rulebook: who earns what, whose reward is reserved and paid, and when (C-3 to C-5)."""

from datetime import date, timedelta

from cycles import midnight

LOOKED_AT = timedelta(hours=2, minutes=30)
"How long after 00:00 the task `referral-rewards` runs."
CATEGORY, OTHER = "DESIGN", "LIFESTYLE"
"The category that counts, and one that does not."
FEE = 10
"The part of earnings that is the fee, as a divisor."


class Referral:
    """A friend and who referred them."""

    def __init__(self, friend, referrer):
        self.friend, self.referrer = friend, referrer
        self.earned = []
        "What counts: when, and how many cents; refunds are negative."
        self.state, self.reached = "OPEN", None

    @property
    def sum(self):
        """What the friend has earned by now, as far as it counts."""
        return sum(cents for _, cents in self.earned)

    def reached_at(self, threshold):
        """When the earnings reached the threshold for the last time, if they are not below it."""
        total, reached = 0, None
        for at, cents in self.earned:
            total += cents
            reached = None if total < threshold else reached or at
        return reached


class Campaign:
    """A campaign with its links and its friends."""

    def __init__(self, opens, deadline, threshold, reward, budget):
        self.opens, self.closes = opens, midnight(deadline + timedelta(days=1))
        self.threshold, self.reward, self.budget, self.reserved = threshold, reward, budget, 0
        self.referrals = []

    def is_open(self, now):
        """Whether people are referred."""
        return self.opens <= now < self.closes

    def progress(self, referral):
        """What the referrer sees."""
        return max(0, min(referral.sum, self.threshold))

    def look(self, day):
        """The task runs on a day: rewards are reserved, given up and paid. Returns how many were paid."""
        at = midnight(day) + LOOKED_AT
        queue = []
        for referral in self.referrals:
            reached = referral.reached_at(self.threshold)
            if referral.state in ("PAID", "ENDED") or (referral.state == "QUALIFIED" and reached):
                continue
            if reached and reached < self.closes:
                queue.append((reached, referral.friend.number, referral))
                continue
            if referral.state == "QUALIFIED":
                self.reserved -= self.reward
            referral.state = "ENDED" if at >= self.closes else "OPEN"
        for reached, _, referral in sorted(queue):
            is_room = self.reserved + self.reward <= self.budget
            self.reserved += self.reward if is_room else 0
            referral.state, referral.reached = "QUALIFIED" if is_room else "WAITING", reached
        paid = [one for one in self.referrals if one.state == "QUALIFIED" and due_on(one.reached.date()) <= day]
        is_over = at >= self.closes and not any(one.state == "QUALIFIED" for one in self.referrals)
        for referral in self.referrals:
            if is_over and referral.state == "WAITING":
                referral.state = "ENDED"
        for referral in paid:
            referral.state = "PAID"
            referral.referrer.cash += self.reward
        return len(paid)


def due_on(day):
    """The first business day of the month after: Monday to Friday, less the holidays of the policy."""
    due = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    holidays = (date(2026, 1, 1), date(2026, 12, 25), date(2027, 1, 1), date(2027, 12, 24), date(2028, 12, 25))
    while due.weekday() > 4 or due in holidays:
        due += timedelta(days=1)
    return due


def kept(cents):
    """What a freelancer gets of a release: the fee is half a cent rounded up."""
    return cents - (2 * cents + FEE) // (2 * FEE)
