"""The acts of a day: drawn by the day's own dice from what the model knows, never from an answer."""

import random
from datetime import timedelta

from contents import make_up, search, with_terms, with_words
from world import LETTER

HOURS = (12, 15, 18)
"Hours at which things happen; the last is exactly six hours after the first (S-6)."
TRIES = 40
HOT_EVERY = 5
"Number of days after which some cheap posts become popular."
HOT = 3
REASONS = ("SPAM", "FRAUD", "OFFENSIVE", "PROHIBITED", "OTHER")
MORNING = {"new": 9, "draft": 4, "proposal": 32, "search": 5, "edit": 4, "appeal": 1}
NOON = {"edit": 6, "stale": 1, "illegal": 1, "foreign": 1, "view": 9, "letter": 6, "terms": 3, "shortlist": 4,
        "unlist": 1, "hide": 2, "unhide": 1, "decline": 5, "withdraw": 4, "report": 5, "search": 4, "refunds": 2,
        "proposal": 12, "answer": 1}
EVENING = {"publish": 3, "cancel": 3, "remove": 1, "sweep": 1, "dismiss": 1, "letter": 4, "proposal": 12,
           "dead": 3, "notices": 4, "refunds": 2, "search": 3, "report": 2, "decline": 1, "illegal": 1}
AGENDA = {12: MORNING, 15: NOON, 18: EVENING}
"How often each thing is tried at each hour."
ATTEMPTS = {"right": 78, "price": 5, "twice": 4, "poor": 4, "over": 4, "gone": 2, "private": 1, "own": 1, "client": 1}
"Kinds of proposals that are tried, and how often in a hundred."
DEADLINES = 2
"Number of posts to try whose deadline is this very instant (X-7)."


class Day:
    """The acts of one day."""

    def __init__(self, seed, number, world, deeds):
        self.number = number
        self.dice = random.Random(f"{seed}/season/{number}")
        self.taste = f"{seed}/taste/{number // HOT_EVERY}"
        self.world = world
        self.deeds = deeds
        self.admin = next(person for person in world.people.values() if person.is_admin)
        self.clients = self.freelancers = self.posts = self.live = self.hot = ()

    def act(self, hour):
        """All acts of that hour, in random order."""
        people = list(self.world.people.values())
        self.clients = [person for person in people if person.is_client]
        self.freelancers = [person for person in people if person.purse]
        self.posts = list(self.world.posts)
        self.live = [one for one in self.world.proposals.values() if one.state == "SUBMITTED"]
        self.hot = self._hot()
        self._deadlines()
        agenda = [what for what, count in AGENDA[hour].items() for _ in range(count)]
        self.dice.shuffle(agenda)
        for what in agenda:
            getattr(self, f"_{what}")()

    # Choosing.

    def _pick(self, items, fits=lambda item: True):
        """A random item that fits; `None` if none was drawn."""
        for _ in range(TRIES if items else 0):
            item = self.dice.choice(items)
            if fits(item):
                return item
        return None

    def _state(self, thing):
        return thing.state_at(self.world.now)

    def _open_post(self, fits=lambda post: True):
        def wanted(post):
            """Whether `post` is open to all and fits."""
            return self._state(post) == "OPEN" and post.content.visibility == "PUBLIC" and fits(post)
        if self.dice.random() < 0.35 and (hot := self._pick(self.hot, wanted)):
            return hot
        return self._pick(self.posts, wanted)

    def _hot(self):
        """Posts that draw a crowd: cheap open posts, the same for some days."""
        dice = random.Random(self.taste)
        cheap = [post for post in self.posts if post.price() <= 4 and self._state(post) == "OPEN"
                 and post.content.visibility == "PUBLIC"]
        crowded = sorted(cheap, key=lambda post: -len(post.proposals))[:HOT]
        return crowded + (dice.sample(cheap, 1) if cheap else [])

    def _live_proposal(self, fits=lambda proposal: True):
        return self._pick(self.live, lambda one: self._state(one) == "SUBMITTED" and fits(one))

    def _amount(self):
        return self.dice.choice((None, 1_000, 25_050, 300_000))

    # Job posts.

    def _new(self, publish=True):
        content = make_up(self.dice, len(self.world.posts))
        self.deeds.create(self.dice.choice(self.clients), content, publish)
        if self.dice.random() < 0.01:
            nobody = self._pick(self.freelancers, lambda one: not one.is_client)
            self.deeds.create(nobody, content, publish)

    def _draft(self):
        self._new(publish=False)

    def _publish(self):
        post = self._pick(self.posts, lambda one: one.state == "DRAFT")
        if post:
            self.deeds.publish(post.client, post)

    def _content(self, post):
        change = self.dice.choice((with_terms, with_words))
        fresh = with_words(self.dice, post.content, post.version)
        return fresh if change is with_words else with_terms(self.dice, fresh)

    def _edit(self):
        post = self._pick(self.posts, lambda one: self._state(one) in ("DRAFT", "OPEN"))
        if self.dice.random() < 0.3:
            post = self._pick(self.hot, lambda one: self._state(one) == "OPEN") or post
        if post:
            self.deeds.edit_post(post.client, post, self._content(post), post.version)

    def _stale(self):
        post = self._pick(self.posts, lambda one: self._state(one) == "OPEN" and one.version > 1)
        if post:
            self.deeds.edit_post(post.client, post, self._content(post), post.version - 1)

    def _illegal(self):
        """A move that the state of the post forbids (J-2)."""
        post = self._pick(self.posts, lambda one: self._state(one) not in ("DRAFT", "OPEN"))
        open_post = self._pick(self.posts, lambda one: self._state(one) == "OPEN")
        draft = self._pick(self.posts, lambda one: self._state(one) == "DRAFT")
        what = self.dice.choice(("edit", "publish", "cancel", "remove", "appeal"))
        if what == "edit" and post:
            self.deeds.edit_post(post.client, post, self._content(post), post.version)
        elif what == "publish" and open_post:
            self.deeds.publish(open_post.client, open_post)
        elif what == "cancel" and post:
            self.deeds.cancel(post.client, post, "Too late.")
        elif what == "remove" and draft:
            self.deeds.remove(self.admin, draft, "A draft harms nobody.")
        elif what == "appeal" and open_post:
            self.deeds.appeal(open_post.client, open_post, "Nobody removed it.")

    def _foreign(self):
        """Somebody else's post (P-1)."""
        post = self._pick(self.posts, lambda one: self._state(one) == "OPEN")
        other = self._pick(self.clients, lambda one: post and one is not post.client)
        if not post or not other:
            return
        what = self.dice.choice(("edit", "cancel", "remove", "dismiss"))
        if what == "edit":
            self.deeds.edit_post(other, post, self._content(post), post.version)
        elif what == "cancel":
            self.deeds.cancel(other, post, "")
        elif what == "remove":
            self.deeds.remove(other, post, "I do not like it.")
        else:
            self.deeds.dismiss(other, post, "I like it.")

    def _cancel(self):
        with_proposals = self.dice.random() < 0.7
        post = self._pick(self.posts, lambda one: self._state(one) == "OPEN"
                          and bool(one.proposals) == with_proposals and len(one.proposals) < 30)
        if post:
            self.deeds.cancel(post.client, post, self.dice.choice(("", "We hired an uncle.")))

    def _remove(self):
        """Mostly a post that was reported."""
        reported = self._pick(self.posts, lambda one: self._state(one) in ("OPEN", "EXPIRED") and one.reports)
        self._take_down(reported or self._pick(self.posts, lambda one: self._state(one) == "OPEN"))

    def _sweep(self):
        """Takes down a post that has expired and had proposals (T-1 outranks T-2)."""
        if self.number % 3 == 0:
            self._take_down(self._pick(self.posts, lambda one: self._state(one) == "EXPIRED" and one.proposals))

    def _take_down(self, post):
        if post:
            self.deeds.remove(self.admin, post, f"Against the terms, day {self.number}.")

    # Reports.

    def _report(self):
        person = self.dice.choice(self.freelancers)
        suspects = self.posts[::9] if self.dice.random() < 0.7 else self.posts
        again = self.dice.random() < 0.15
        # The rulebook does not say whether freelancers who proposed see a removed post, and so may report it.
        post = self._pick(suspects, lambda one: one.client is not person and self._state(one) != "DRAFT"
                          and (one.state != "REMOVED" or (person.email, one.number) not in self.world.proposals)
                          and any(report.person is person for report in one.reports) == again)
        if again:
            post = self._pick(self.posts, lambda one: one.reports and one.state != "REMOVED")
            person = post.reports[0].person if post else None
        if post:
            self.deeds.report(person, post, self.dice.choice(REASONS), self.dice.choice(("", "Look at it.")))

    def _dismiss(self):
        wanted = self.dice.random() < 0.85
        post = self._pick([one for one in self.posts if one.reports],
                          lambda one: any(report.state == "OPEN" for report in one.reports) == wanted)
        if post:
            self.deeds.dismiss(self.admin, post, "Nothing wrong with it.")

    def _appeal(self):
        first = self.dice.random() < 0.8
        post = self._pick([one for one in self.posts if one.removal],
                          lambda one: not one.removal["appeal"] or not first)
        if post:
            self.deeds.appeal(post.client, post, "It was a joke.")

    def _answer(self):
        post = self._pick([one for one in self.posts if one.removal],
                          lambda one: one.removal["appeal"] and (not one.removal["answer"] or self.dice.random() < 0.1))
        if post:
            self.deeds.answer(self.admin, post, "It was not funny.")

    # Proposals.

    def _proposal(self):
        kind = self.dice.choices(list(ATTEMPTS), list(ATTEMPTS.values()))[0]
        getattr(self, f"_try_{kind}")()

    def _submit(self, person, post, more=0, why=None):
        if person and post:
            letter = f"Letter {self.deeds.calls} to {post.content.title}."
            self.deeds.submit(person, post, post.price() + more, letter, self._amount(), why)

    def _newcomer(self, post, fits=lambda person: True):
        """A freelancer who has not proposed to `post` and does not own it."""
        return post and self._pick(self.freelancers, lambda one: post.client is not one and fits(one)
                                   and (one.email, post.number) not in self.world.proposals)

    def _try_right(self):
        post = self._open_post()
        self._submit(self._newcomer(post), post)

    def _try_price(self):
        post = self._open_post()
        person = self._newcomer(post, lambda one: one.purse.available > post.price() + 1)
        self._submit(person, post, self.dice.choice((-1, 1)))

    def _try_twice(self):
        old = self._pick(list(self.world.proposals.values()), lambda one: self._state(one.post) == "OPEN")
        if old:
            self._submit(old.person, old.post, 0, ("S-1", f"refused: ALREADY_PROPOSED after {old.state}"))

    def _try_poor(self):
        post = self._open_post(lambda one: one.price() >= 6)
        self._submit(self._newcomer(post, lambda one: one.purse.available < post.price()), post)

    def _try_over(self):
        state = self.dice.choice(("EXPIRED", "CANCELLED"))
        post = self._pick(self.posts, lambda one: self._state(one) == state and one.content.visibility == "PUBLIC")
        self._submit(self._newcomer(post), post, 0, ("S-2", f"refused: JOB_POST_NOT_OPEN {state}"))

    def _try_gone(self):
        state = self.dice.choice(("REMOVED", "DRAFT"))
        post = self._pick(self.posts, lambda one: self._state(one) == state)
        self._submit(self._newcomer(post), post, 0, ("S-2", f"refused: NOT_FOUND {state}"))

    def _try_private(self):
        post = self._pick(self.posts, lambda one: self._state(one) == "OPEN" and one.content.visibility != "PUBLIC")
        self._submit(self._newcomer(post), post, 0, ("S-2", "refused: NOT_FOUND private"))

    def _try_own(self):
        post = self._pick(self.posts, lambda one: self._state(one) == "OPEN" and one.client.purse)
        self._submit(post and post.client, post)

    def _try_client(self):
        self._submit(self._pick(self.clients, lambda one: one.purse is None), self._open_post())

    def _letter(self):
        """Mostly a proposal that was sent today, as far as the hours and the client allow."""
        today = timedelta(hours=self.dice.choice((0, 3, 6, 6, 24)))
        proposal = self._live_proposal(lambda one: self.world.now - one.submitted_at <= today)
        if proposal:
            late = self.world.now - proposal.submitted_at - LETTER
            why = "opened" if proposal.viewed_at else "over 6 h old" if late else "exactly 6 h old"
            self.deeds.edit_proposal(proposal.person, proposal, f"Better letter {self.deeds.calls}.", None,
                                     ("S-6", f"letter refused: {why}"))

    def _terms(self):
        proposal = self._live_proposal()
        if proposal:
            self.deeds.edit_proposal(proposal.person, proposal, None, self.dice.randint(1, 10**6))

    def _withdraw(self):
        proposal = self._live_proposal()
        if proposal:
            self.deeds.withdraw(proposal.person, proposal, self.dice.choice(("", "Too busy.")))

    def _view(self):
        """Half of the time a proposal that has just come in."""
        fresh = self._live_proposal(lambda one: one.submitted_at.date() == self.world.now.date())
        proposal = fresh if self.dice.random() < 0.5 else self._live_proposal()
        if proposal:
            self.deeds.view(proposal.post.client, proposal)

    def _shortlist(self):
        proposal = self._live_proposal()
        if proposal:
            self.deeds.shortlist(proposal.post.client, proposal, True)

    def _unlist(self):
        proposal = self._live_proposal(lambda one: one.shortlisted)
        if proposal:
            self.deeds.shortlist(proposal.post.client, proposal, False)

    def _hide(self):
        proposal = self._live_proposal()
        if proposal:
            self.deeds.hide(proposal.post.client, proposal, True)

    def _unhide(self):
        proposal = self._live_proposal(lambda one: one.hidden)
        if proposal:
            self.deeds.hide(proposal.post.client, proposal, False)

    def _decline(self):
        crowded = self._live_proposal(lambda one: len(one.post.proposals) > 3)
        proposal = crowded if self.dice.random() < 0.5 else self._live_proposal()
        if proposal:
            self.deeds.decline(proposal.post.client, proposal, "We look for someone else.")

    def _dead(self):
        """An act on a proposal that is over, or on somebody else's (S-5)."""
        over = self._pick(list(self.world.proposals.values()), lambda one: self._state(one) != "SUBMITTED")
        stranger = self._pick(self.freelancers, lambda one: over and one not in (over.person, over.post.client))
        if not over or not stranger:
            return
        what = self.dice.choice(("withdraw", "letter", "view", "decline", "hide", "shortlist", "stranger"))
        if what == "withdraw":
            self.deeds.withdraw(over.person, over, "")
        elif what == "letter":
            self.deeds.edit_proposal(over.person, over, "Too late.", 100)
        elif what == "stranger":
            self.deeds.withdraw(stranger, over, "")
        elif what == "decline":
            self.deeds.decline(over.post.client, over, "No.")
        elif what == "view":
            self.deeds.view(over.post.client, over)
        else:
            getattr(self.deeds, what)(over.post.client, over, True)

    # The rest.

    def _search(self):
        self.deeds.search(self.dice.choice(self.freelancers + self.clients), search(self.dice))

    def _refunds(self):
        proposal = self._pick(list(self.world.proposals.values()))
        if proposal:
            self.deeds.refunds(proposal.person, proposal)

    def _notices(self):
        self.deeds.read_notices(self.dice.choice(self.freelancers + self.clients))

    def _deadlines(self):
        """X-7: at the very instant of the deadline, before any task: no proposal, no edit, no withdrawal."""
        now = self.world.now
        due = [post for post in self.posts if post.state == "OPEN" and post.expires_at == now]
        dated = [post for post in due if any(one.state == "SUBMITTED" for one in post.proposals)]
        chosen = self.dice.sample(due, min(DEADLINES, len(due))) + dated[:1]
        for post in chosen:
            person = self._newcomer(post)
            if post.content.visibility == "PUBLIC":
                self._submit(person, post, 0, ("X-7", "proposals refused at the instant of the deadline"))
            why = ("X-7", "edits refused at the instant of the deadline")
            self.deeds.edit_post(post.client, post, self._content(post), post.version, why)
            live = next((one for one in post.proposals if one.state == "SUBMITTED"), None)
            if live:
                why = ("X-7", "withdrawals refused at the instant of the deadline")
                self.deeds.withdraw(live.person, live, "", why)
                self.deeds.refunds(live.person, live)
        if dated and self.number % 4 == 0:
            self._take_down(dated[0])
            self.deeds.tally.add("X-7", "posts removed at the instant of the deadline")
