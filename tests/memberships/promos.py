"""Promo codes, by the rulebook (B-5)."""

from dataclasses import dataclass, field
from datetime import datetime

from prices import share


@dataclass
class Promo:
    """A promo code as the admin made it, and who has used it."""

    code: str
    kind: str
    amount: int
    "Connects, hundredths of a percent, cents, or months."
    most: int | None = None
    each: int = 1
    minimum: int = 0
    "The least price of a purchase, in cents."
    plans: tuple = ()
    ends: datetime | None = None
    uses: dict = field(default_factory=dict)
    "How often each person has used it, or keeps it for a payment."

    def off(self, price):
        """The discount on a price."""
        if self.kind == "PERCENT_OFF":
            return share(price, self.amount, 10_000)
        return self.amount if self.kind == "AMOUNT_OFF" else 0

    @property
    def bonus(self):
        """The Connects that it adds to a purchase."""
        return self.amount if self.kind == "BONUS_CONNECTS" else 0

    @property
    def is_alone(self):
        """Whether it is redeemed without a purchase."""
        return self.kind in ("FREE_CONNECTS", "PLAN_MONTHS")

    def refusal(self, member, now, price):
        """Why `member` cannot use it, for a purchase at `price` or alone if there is none; empty if they can."""
        if self.ends and self.ends <= now:
            return "PROMO_CODE_EXPIRED"
        if self.uses.get(member.name, 0) >= self.each:
            return "PROMO_CODE_ALREADY_USED"
        if self.most is not None and sum(self.uses.values()) >= self.most:
            return "PROMO_CODE_USED_UP"
        if self.plans and member.plan_name not in self.plans:
            return "PROMO_CODE_NOT_APPLICABLE"
        if (price is None) != self.is_alone or (price is not None and price < self.minimum):
            return "PROMO_CODE_NOT_APPLICABLE"
        return ""

    def use(self, member):
        """Counts a use."""
        self.uses[member.name] = self.uses.get(member.name, 0) + 1

    def release(self, member):
        """Takes a use back whose payment failed."""
        self.uses[member.name] -= 1
