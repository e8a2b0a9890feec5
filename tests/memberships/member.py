"""A freelancer, by the rulebook: plan, cycle, purchases, and what happens to them by itself as time goes on."""

from datetime import timedelta

from cycles import anchor_of, midnight, next_start, prorated, tick
from prices import cost, price_of, terms_at
from purse import Purse

GRANTED_AFTER = timedelta(minutes=5)
"How long after 00:00 the task `monthly-grants` runs."
ASKED_AFTER = timedelta(minutes=10)
"How long after 00:00 the provider is asked for renewals."
ASKED_AGAIN = timedelta(minutes=2)
TAKEN_BACK_AFTER = timedelta(days=10)
LOST = ("tok_lost_after", "tok_lost_before")
CASH = "cash"
TAXES = {None: 0, "CT": 63_500, "OH": 57_500}
"The tax of each region of the United States, in millionths."


class Purchase:
    """Something that a member bought, or tried to."""

    def __init__(self, item, quantity, price, token, promo=None):
        self.item, self.quantity, self.cost, self.token, self.promo = item, quantity, price, token, promo
        self.state, self.lots = "PENDING", []


class Member:
    """A freelancer with a wallet."""

    def __init__(self, name, history, now):
        self.name, self.history, self.token = name, history, None
        self.purse, self.purchases, self.events = Purse(), [], []
        self.region = self.card = None
        self.plan = self.cancelled_to = None
        "The basis of the plan, if it is PLUS, and when it ends, if it was cancelled."
        self.gifts, self.is_frozen, self.cash = 0, False, 0
        self.purse.add("SIGNUP", 40, now)
        self._begin_cycle(now)
        self.purse.add("MONTHLY_FREE", 10, now)

    @property
    def plan_name(self):
        """The plan."""
        return "PLUS" if self.plan else "BASIC"

    @property
    def ends(self):
        """When the plan ends, if it was cancelled, or with the last month that was given."""
        is_last = self.plan == "GIFT" and not self.gifts
        return self.cancelled_to or (midnight(self.following) if is_last else None)

    @property
    def is_upgrading(self):
        """Whether the payment of an upgrade is under way."""
        return any(kind == "upgrade" for _, kind, _ in self.events)

    def cost(self, price, promo=None):
        """What a price comes to for this member."""
        return cost(price, TAXES[self.region], promo.off if promo else None)

    def price_of(self, quantity, now):
        """What so many Connects cost without discount and tax."""
        return price_of(quantity, terms_at(self.history, now))

    def prorated(self, now):
        """The free part of a plan that begins now."""
        free = terms_at(self.history, now).free
        return prorated(free, self.started.date(), self.following, now.date())

    def go_on(self, to):
        """What happens by itself up to an instant."""
        while True:
            granted = midnight(self.following) + GRANTED_AFTER
            due = min([event for event in self.events if event[0] <= to], default=None, key=lambda event: event[0])
            if due and due[0] <= granted:
                self.events.remove(due)
                getattr(self, f"_{due[1]}")(due[0], due[2])
            elif granted <= to:
                self._grant(granted)
            else:
                return

    def buy(self, quantity, promo, now):
        """Buys Connects by the card."""
        price = self.cost(self.price_of(quantity, now), promo)
        purchase = self._ordered(Purchase("CONNECTS", quantity, price, self.pays_by(price.total), promo))
        if promo:
            promo.use(self)
        self._pay(purchase, "bought", now)
        return purchase

    def upgrade(self, now):
        """Upgrades to PLUS, by a month that was given or by the card."""
        if self.gifts:
            self._use_gift(now)
            return None
        purchase = self._order_cycle(terms_at(self.history, now))
        self._pay(purchase, "upgrade", now)
        return purchase

    def give(self, months, now):
        """Is given months of PLUS."""
        self.gifts += months
        if not self.plan:
            self._use_gift(now)

    def redeem(self, promo, now):
        """Uses a code that needs no purchase."""
        promo.use(self)
        if promo.kind == "PLAN_MONTHS":
            self.give(promo.amount, now)
        else:
            self.purse.add("PROMO", promo.amount, now)

    def _ordered(self, purchase):
        self.purchases.append(purchase)
        return purchase

    def may_pay(self, cents):
        """Why the member cannot pay so much, if so."""
        if self.is_frozen:
            return "PURCHASES_FROZEN"
        return "NO_PAYMENT_METHOD" if cents and not self.card and self.cash < cents else ""

    def pays_by(self, cents):
        """What pays so much: the cash account if it has all of it, otherwise the card (M-7)."""
        return CASH if cents and self.cash >= cents else self.card

    def _pay(self, purchase, kind, now):
        """The provider is asked at once; where it does not say, again a little later."""
        if purchase.token == CASH:
            self.cash -= purchase.cost.total
        if purchase.cost.total == 0 or purchase.token not in ("tok_declined", *LOST):
            getattr(self, f"_{kind}")(now, purchase)
        elif purchase.token == "tok_declined":
            self._fail(purchase)
        else:
            self.events.append((tick(now + ASKED_AGAIN), kind, purchase))

    def _fail(self, purchase):
        purchase.state = "FAILED"
        if purchase.promo:
            purchase.promo.release(self)

    def _paid(self, at, purchase):
        purchase.state = "PAID"
        if purchase.token == "tok_charged_back" and purchase.cost.total:
            self.events.append((tick(at + TAKEN_BACK_AFTER), "taken_back", purchase))

    def _bought(self, at, purchase):
        purchase.lots = self.purse.add("PURCHASE", purchase.quantity, at)
        purchase.lots += self.purse.add("PROMO", purchase.promo.bonus if purchase.promo else 0, at)
        self._paid(at, purchase)

    def _upgrade(self, at, purchase):
        purchase.lots = self._begin_plan("CHARGED", purchase.quantity, at)
        self._paid(at, purchase)

    def _renewed(self, at, due):
        purchase, start = due
        purchase.lots = self.purse.add("MEMBERSHIP", purchase.quantity, start)
        self._paid(at, purchase)

    def _not_renewed(self, _, purchase):
        self.plan = self.cancelled_to = None
        self._fail(purchase)

    def _taken_back(self, _, purchase):
        purchase.state, self.is_frozen = "CHARGED_BACK", True
        self.purse.revoke(purchase.lots)
        if purchase.item == "MEMBERSHIP":
            self.plan = self.cancelled_to = None

    def _use_gift(self, now):
        self.gifts -= 1
        self._begin_plan("GIFT", terms_at(self.history, now).plus_paid, now)

    def _begin_plan(self, basis, paid, now):
        """A plan begins, and a cycle with it."""
        free = self.prorated(now)
        lots = self.purse.add("MEMBERSHIP", paid, now)
        self.purse.add("MEMBERSHIP_PRORATED", free, now)
        self._begin_cycle(now)
        self.plan, self.cancelled_to = basis, None
        return lots

    def _begin_cycle(self, now):
        self.started, self.anchor = now, anchor_of(now.date())
        self.following = next_start(now.date(), self.anchor)

    def _grant(self, at):
        """A cycle has begun."""
        start = midnight(self.following)
        terms = terms_at(self.history, start)
        if self.ends and self.ends <= start:
            self.plan = self.cancelled_to = None
        is_given = bool(self.plan and self.gifts)
        self.gifts -= is_given
        self.purse.add("MONTHLY_FREE", terms.free, start)
        if is_given:
            self.purse.add("MEMBERSHIP", terms.plus_paid, start)
        elif self.plan:
            self._renew(at, start, terms)
        self.started, self.following = start, next_start(start.date(), self.anchor)

    def _renew(self, at, start, terms):
        """The payment of a cycle begins, if it can."""
        if self.may_pay(self.cost(terms.plus_cents).total):
            self.plan = self.cancelled_to = None
            return
        purchase = self._order_cycle(terms)
        asked = start + ASKED_AFTER
        assert at < asked
        if purchase.token == CASH:
            self.cash -= purchase.cost.total
            self._renewed(at, (purchase, start))
        elif purchase.token == "tok_declined":
            self.events.append((asked, "not_renewed", purchase))
        else:
            paid = tick(asked + ASKED_AGAIN) if purchase.token in LOST else asked
            self.events.append((paid, "renewed", (purchase, start)))

    def _order_cycle(self, terms):
        """A cycle of PLUS, to be paid."""
        price = self.cost(terms.plus_cents)
        return self._ordered(Purchase("MEMBERSHIP", terms.plus_paid, price, self.pays_by(price.total)))
