"""What people and the admin do, each deed compared with what the model expects of it."""

import re
from collections import Counter
from datetime import timedelta

import asking
from agreement import agree
from clocks import stamp
from cycles import midnight
from member import LOST, TAXES
from prices import Terms, dollars, terms_at

CARDS = ("tok_visa",) * 6 + ("tok_declined",) * 2 + ("tok_charged_back", *LOST)
OPEN_FOR = timedelta(days=20)
"How long people propose to a job post: one without activity expires after a month."
WRONG = 20
"How many codes are guessed: fewer than an address may in an hour, which is an hour of the machine."


def amounts(cost):
    """A cost as the API shows it."""
    names = {"listPrice": cost.list, "discount": cost.discount, "net": cost.net, "tax": cost.tax, "total": cost.total}
    return {name: {"amount": dollars(cents)} for name, cents in names.items()}


class Deeds:
    """Random deeds of `members`, with the admin `admin` and the client `client`."""

    def __init__(self, line, dice, world):
        self.line, self.dice, self.world = line, dice, world
        self.tally, self.count, self.wrong = Counter(), 0, 0
        self.post, self.cards = None, {}

    def any(self, now):
        """One deed of one member."""
        member = self.dice.choice(self.world.members)
        deeds = (self.buy,) * 5 + (self.upgrade,) * 4 + (self.spend,) * 6 + (
            self.redeem, self.redeem, self.cancel, self.cancel, self.keep, self.give, self.swap, self.unfreeze, self.guess,
            self.move)
        self.dice.choice(deeds)(member, now)

    def said(self, what, member, document, is_lost=False, **variables):
        """The answer to a mutation and the code of its refusal, which is counted."""
        done = self.line.send(member, document, variables, is_lost)
        code = done["userErrors"][0]["code"] if done["userErrors"] else ""
        self.tally[f"{what}{code and ' refused: '}{code}"] += 1
        return done, code

    def key(self):
        """A key that was not used before."""
        self.count += 1
        return f"k{self.count}"

    def buy(self, member, now):
        """Buys Connects, now and then with a code."""
        quantity = self.dice.choice((10, 20, 40, 60, 80, 100, self.dice.randrange(11, 120)))
        promo = self.dice.choice(self.world.promos) if self.dice.random() < 0.5 else None
        typed = promo and self.dice.choice((promo.code, promo.code.lower()))
        price = member.price_of(quantity, now)
        refusal = promo.refusal(member, now, price) if promo else ""
        if not refusal:
            cost = member.cost(price, promo)
            quote = self.line.ask(member, asking.QUOTE, q=quantity, c=typed)["viewer"]["connectsQuote"]
            agree("a quote", quote, {**amounts(cost), "bonus": promo.bonus if promo else 0})
        else:
            cost = member.cost(price)
        expected = ("PURCHASES_FROZEN" if member.is_frozen else refusal) or member.may_pay(cost.total)
        asked = {"quantity": quantity, "promoCode": typed, "expectedTotal": {"amount": dollars(cost.total)},
                 "idempotencyKey": self.key()}
        done, code = self.said("buy", member, asking.BUY, member.card in LOST, i=asked)
        agree(f"the refusal of a purchase by {member.name} with {promo and promo.code}", code, expected)
        if code:
            return
        purchase = member.buy(quantity, promo, now)
        self.tally[f"purchases by {purchase.token if cost.total else 'a code alone'}"] += 1
        shown = {"state": purchase.state, "quantity": quantity, **amounts(cost), "bonus": promo.bonus if promo else 0,
                 "promoCode": promo and promo.code}
        agree("a purchase", done["purchase"], shown)
        agree("what can be spent after it", done["wallet"]["available"], member.purse.available(now))

    def upgrade(self, member, now):
        """Looks at an upgrade, and upgrades."""
        terms = terms_at(member.history, now)
        cost, charged = member.cost(terms.plus_cents), 0 if member.gifts else member.cost(terms.plus_cents).total
        if not member.plan and not member.is_upgrading:
            seen = self.line.ask(member, asking.PREVIEW)["viewer"]["upgradePreview"]
            del seen["newCycle"]
            agree("a preview", seen, {"paid": terms.plus_paid, "prorated": member.prorated(now), "usesGiftMonth": member.gifts > 0,
                                      "total": {"amount": dollars(cost.total)}, "charged": {"amount": dollars(charged)}})
        payable = "" if member.gifts else member.may_pay(cost.total)
        expected = ("UPGRADE_PENDING" if member.is_upgrading else "") or ("PLAN_UNCHANGED" if member.plan else "") or payable
        asked = {"plan": "PLUS", "expectedTotal": {"amount": dollars(charged)}, "idempotencyKey": self.key()}
        done, code = self.said("upgrade", member, asking.UPGRADE, member.card in LOST, i=asked)
        agree(f"the refusal of an upgrade by {member.name}", code, expected)
        if code:
            return
        purchase = member.upgrade(now)
        self.tally[f"upgrades by {purchase.token if purchase else 'a month that was given'}"] += 1
        bought = purchase and {"state": purchase.state, "total": {"amount": dollars(purchase.cost.total)}}
        agree("the purchase of an upgrade", done["purchase"], bought)
        wallet = {"available": member.purse.available(now), "plan": member.plan_name, "planBasis": member.plan,
                  "billingCycle": {"startsOn": str(member.started.date())}}
        agree("the wallet after an upgrade", done["wallet"], wallet)

    def cancel(self, member, _):
        """Cancels the plan."""
        expected = "" if member.plan and not member.ends else "PLAN_UNCHANGED"
        done, code = self.said("cancel", member, asking.CANCEL, k=self.key())
        agree("the refusal of cancelling", code, expected)
        if not code:
            member.cancelled_to = midnight(member.following)
            agree("when a plan ends", done["effectiveOn"], str(member.following))

    def keep(self, member, _):
        """Keeps the plan that was cancelled."""
        expected = "" if member.plan and member.cancelled_to else "PLAN_UNCHANGED"
        _, code = self.said("keep", member, asking.KEEP, k=self.key())
        agree("the refusal of keeping", code, expected)
        if not code:
            member.cancelled_to = None

    def give(self, member, now):
        """The admin gives months of PLUS."""
        months = self.dice.randrange(1, 4)
        done, _ = self.said("give", self.world.admin, asking.GIVE, a=member.id, n=months, k=self.key())
        member.give(months, now)
        self._same_wallet(member, done["wallet"], now)

    def redeem(self, member, now):
        """Redeems a code."""
        promo = self.dice.choice(self.world.promos)
        expected = promo.refusal(member, now, None)
        done, code = self.said("redeem", member, asking.REDEEM, c=promo.code, k=self.key())
        agree(f"the refusal of {promo.code}", code, expected)
        if not code:
            member.redeem(promo, now)
            self._same_wallet(member, done["wallet"], now)

    def _same_wallet(self, member, wallet, now):
        agree("a wallet", wallet, {"available": member.purse.available(now), "plan": member.plan_name,
                                   "giftMonthsLeft": member.gifts})

    def guess(self, member, _):
        """Guesses a code."""
        if self.wrong < WRONG:
            self.wrong += 1
            _, code = self.said("guess", member, asking.REDEEM, True, c=f"WRONG-{self.wrong}", k=self.key())
            agree("a guess", code, "PROMO_CODE_UNKNOWN")

    def spend(self, member, now):
        """Proposes to a job post."""
        if self.post is None or member.name in self.post[1] or now - self.post[2] > OPEN_FOR:
            made = self.line.send(self.world.client, asking.POST, {"t": f"Job {self.count}", "k": self.key()})
            self.post = made["jobPost"]["id"], set(), now
        post, proposed, _ = self.post
        price = self.line.ask(member, asking.PRICE, p=post)["node"]["connectsPrice"]["connects"]
        expected = "" if member.purse.available(now) >= price else "INSUFFICIENT_CONNECTS"
        done, code = self.said("propose", member, asking.PROPOSE, p=post, n=price, k=self.key())
        agree("the refusal of a proposal", code, expected)
        if not code:
            proposed.add(member.name)
            member.purse.spend(price, now)
            agree("what is left after a proposal", done["availableAfter"], member.purse.available(now))

    def swap(self, member, _):
        """Pays by another card from now on, or by none."""
        if member.card:
            self.line.ask(member, asking.FORGET, m=self.cards[member.name])
            member.card = None
        if self.dice.random() < 0.9:
            self.add_card(member)

    def add_card(self, member):
        """Adds the card that is charged from now on."""
        token = self.dice.choice(CARDS)
        added = self.line.ask(member, asking.CARD, t=token)["done"]
        agree("the refusal of a card", added["userErrors"], [])
        self.cards[member.name], member.card = added["paymentMethod"]["id"], token
        self.tally["cards"] += 1

    def move(self, member, _):
        """Is taxed elsewhere from now on."""
        member.region = self.dice.choice(list(TAXES))
        self.line.ask(member, asking.REGION, r=member.region or "")

    def unfreeze(self, _, __):
        """The admin lets somebody buy again."""
        frozen = [member for member in self.world.members if member.is_frozen]
        if frozen:
            member = self.dice.choice(frozen)
            _, code = self.said("unfreeze", self.world.admin, asking.UNFREEZE, a=member.id, k=self.key())
            agree("the refusal to unfreeze", code, "")
            member.is_frozen = False

    def change_policy(self, now, ahead=0, **changes):
        """The admin writes a version of the policy, in force at once or from the start of a later day on. It takes the place of
        those that were planned for later than itself."""
        since = midnight((now + timedelta(days=ahead)).date()) if ahead else now
        last = self.line.ask(self.world.admin, asking.POLICY)["admin"]["policyVersions"]["nodes"][0]
        terms = Terms(**{**vars(self.world.history[-1]), **changes, "since": since})
        document = re.sub(r"micros = [\d_]+", f"micros = {terms.micros}", last["document"], count=1)
        document = re.sub(r"(\[plans\.PLUS\].*?monthly_cents = )[\d_]+", rf"\g<1>{terms.plus_cents}", document, flags=re.S)
        document = re.sub(r"(\[plans\.PLUS\].*?paid = )[\d_]+", rf"\g<1>{terms.plus_paid}", document, flags=re.S)
        done, code = self.said("policy", self.world.admin, asking.APPLY, d=document, v=last["number"],
                               at=stamp(since) if ahead else None, k=self.key())
        agree("the refusal of a version", (code, done["userErrors"]), ("", []))
        self.world.history[:] = [*(one for one in self.world.history if one.since < since), terms]

    def end(self, promo, now):
        """The admin ends a code."""
        _, code = self.said("end", self.world.admin, asking.END, True, c=promo.id)
        agree("the refusal to end a code", code, "")
        promo.ends = now

    def advance(self, to):
        """Moves the clock."""
        done = self.line.ask(self.world.admin, asking.ADVANCE, to=stamp(to))["done"]
        agree("refusals of an advance", done["userErrors"], [])
