"""What happens in a referral campaign: badges, links, friends who register, and what they earn and give back."""

from datetime import timedelta

import asking
from agreement import agree
from campaign import CATEGORY, OTHER, Campaign, Referral, kept
from clocks import stamp
from member import Member
from prices import dollars

PASSWORD = "a horse in winter"
THRESHOLD, REWARD = 40_000, 2_000
BUDGET_FOR = 0.25
"For which part of the friends the budget reaches."
OPENS_ON, LASTS = 90, 150
"The day on which the campaign opens, and for how many."
LATER = timedelta(days=40)
"How long friends still earn and give back after it."
REACHED = ("WAITING", "QUALIFIED", "PAID")
"States of referrals whose friend has earned enough."


class Friends:
    """The campaign of a story, with its people."""

    def __init__(self, life):
        self.life, self.dice, self.world = life, life.dice, life.world
        self.campaign, self.links, self.id, self.client_card = None, {}, None, None
        self.every = max(2, 16 // life.scale)
        "A friend comes once in so many days."
        self.released = []
        "What can be refunded: the referral, the milestone, the cents, and whether it counts."

    def live(self, day):
        """What happens on a day."""
        if day == OPENS_ON:
            self._open()
        if self.campaign is None:
            return
        if self.life.now >= self.campaign.closes + LATER:
            return
        if self.campaign.is_open(self.life.now) and day % self.every == 0:
            self._bring_friend()
        for _ in range(max(1, self.life.scale // 4)):
            self.dice.choice((self._earn, self._earn, self._earn, self._give_back))()

    def _open(self):
        """Some members are Top Rated, and the admin makes a campaign for them."""
        now, members = self.life.now, self.world.members
        for member in self.dice.sample(members, max(2, len(members) // 10)):
            done = self.life.line.ask(self.world.admin, asking.AWARD, a=member.id)["done"]
            agree("the refusal of a badge", done["userErrors"], [])
            self.links[member.name] = None
        deadline = now.date().fromordinal(now.date().toordinal() + LASTS)
        budget = REWARD * max(1, int(LASTS / self.every * BUDGET_FOR))
        self.campaign = Campaign(now, deadline, THRESHOLD, REWARD, budget)
        asked = {"name": "Bring a friend", "category": CATEGORY, "country": "US", "badge": "TOP_RATED",
                 "deadline": str(deadline), "threshold": {"amount": dollars(THRESHOLD)},
                 "reward": {"amount": dollars(REWARD)}, "budget": {"amount": dollars(budget)}, "idempotencyKey": "campaign"}
        done = self.life.line.send(self.world.admin, asking.CAMPAIGN, {"i": asked})
        agree("the refusal of a campaign", done["userErrors"], [])
        self.id = done["referralCampaign"]["id"]
        card = self.life.line.ask(self.world.client, asking.CARD, t="tok_visa")["done"]
        self.client_card = card["paymentMethod"]["id"]

    def invited(self):
        """The task has run: those who may refer have their links."""
        waiting = [name for name, code in self.links.items() if code is None]
        for member in self.world.members:
            if member.name in waiting:
                links = self.life.line.ask(member, asking.LINKS)["viewer"]["referralLinks"]["nodes"]
                agree(f"the links of {member.name}", len(links), 1)
                self.links[member.name] = links[0]["code"]

    def _bring_friend(self):
        """Somebody registers by the link of one who may refer."""
        referrers = [member for member in self.world.members if self.links.get(member.name)]
        if not referrers:
            return
        referrer, name = self.dice.choice(referrers), f"friend{len(self.campaign.referrals)}"
        asked = {"email": f"{name}@plans.example", "password": PASSWORD, "name": name, "country": "US", "freelancer": True,
                 "referralCode": self.links[referrer.name]}
        done = self.life.line.ask(self.life.visitor, asking.REGISTER, i=asked)["done"]
        agree("the refusal of a friend", done["userErrors"], [])
        friend = Member(name, self.world.history, self.life.now)
        friend.give(1, self.life.now)
        friend.number = len(self.campaign.referrals)
        self.life.adopt(friend)
        published = self._done(friend, asking.PUBLISH, k=self.life.deeds.key())
        friend.profile = published["project"]["freelancer"]["id"]
        self.campaign.referrals.append(Referral(friend, referrer))
        self.life.deeds.tally["friends"] += 1

    def _earn(self):
        """A friend earns something of the client, mostly in the category that counts."""
        if not self.campaign.referrals:
            return
        referral = self.dice.choice(self.campaign.referrals)
        category = self.dice.choice((CATEGORY, CATEGORY, OTHER))
        cents = self.dice.randrange(5_000, 30_000)
        client, friend, key = self.world.client, referral.friend, self.life.deeds.key
        asked = {"freelancerId": friend.profile, "category": category, "title": "Work", "idempotencyKey": key(),
                 "milestones": [{"title": "All", "amount": {"amount": dollars(cents)}}]}
        offer = self._done(client, asking.OFFER, i=asked)["offer"]["id"]
        contract = self._done(friend, asking.ACCEPT, o=offer, k=key())["contract"]
        milestone = contract["milestones"]["nodes"][0]["id"]
        self._done(client, asking.FUND, m=milestone, w=self.client_card, k=key())
        self._done(client, asking.RELEASE, m=milestone, k=key())
        friend.cash += kept(cents)
        counts = category == CATEGORY
        if counts:
            referral.earned.append((self.life.now, cents))
        self.released.append((referral, milestone, cents, counts))
        self.life.deeds.tally["releases"] += 1

    def _give_back(self):
        """A friend gives all of something back, if their cash reaches."""
        if not self.released or self.dice.random() < 0.5:
            return
        referral, milestone, cents, counts = one = self.dice.choice(self.released)
        asked = {"m": milestone, "a": {"amount": dollars(cents)}, "k": self.life.deeds.key()}
        done = self.life.line.send(referral.friend, asking.REFUND, asked)
        code = done["userErrors"][0]["code"] if done["userErrors"] else ""
        expected = "" if referral.friend.cash >= kept(cents) else "INSUFFICIENT_CASH"
        agree(f"the refusal of a refund by {referral.friend.name}", code, expected)
        if not code:
            self.released.remove(one)
            referral.friend.cash -= kept(cents)
            if counts:
                referral.earned.append((self.life.now, -cents))
            self.life.deeds.tally["refunds"] += 1

    def _done(self, person, document, **variables):
        done = self.life.line.send(person, document, variables)
        agree("a refusal", done["userErrors"], [])
        return done

    def look(self):
        """The task has run in the night before."""
        if self.campaign:
            self.invited()
            paid = self.campaign.look(self.life.now.date())
            self.life.deeds.tally["rewards"] += paid

    def compare(self):
        """Compares what each referrer sees of their friends: nobody verifies an address here, so only those who have earned
        enough; and what the admin sees of all."""
        if self.campaign is None:
            return
        newest = self.campaign.referrals[::-1]
        for name in self.links:
            member = next(one for one in self.world.members if one.name == name)
            seen = self.life.line.ask(member, asking.REFERRALS)["viewer"]["referrals"]["nodes"]
            shown = [self._shown(one) for one in newest if one.referrer is member and one.state in REACHED]
            agree(f"the friends of {name}", seen, shown)
        seen = self.life.line.ask(self.world.admin, asking.ALL_REFERRALS, c=self.id)["admin"]["referrals"]["nodes"]
        for row in seen:
            # One that has ended may have been further.
            row["reachedAt"] = row["reachedAt"] if row["state"] in REACHED else None
        agree("all friends", seen, [self._shown(one) for one in newest][:100])

    def _shown(self, referral):
        """A referral as people see it."""
        progress = {"amount": dollars(self.campaign.progress(referral))}
        return {"friendName": referral.friend.name, "state": referral.state,
                "progress": None if referral.state in ("PAID", "ENDED") else progress,
                "reachedAt": stamp(referral.reached) if referral.state in REACHED else None}

    def end(self):
        """Compares the campaign's budget."""
        if self.campaign:
            seen = self.life.line.ask(self.world.admin, asking.RESERVED, c=self.id)["node"]
            agree("what is reserved", seen["reserved"]["amount"], dollars(self.campaign.reserved))
            for referral in self.campaign.referrals:
                self.life.deeds.tally[f"referrals {referral.state}"] += 1
