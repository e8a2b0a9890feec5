"""A bench on which answers are tried: files of which nothing is known, and a look at what an answer does to all payouts."""

from collections import Counter
from datetime import timedelta

from agreement import Disagreement, agree
from clerk import ALL
from dates import DAY, business, start_of
from graphql import pages

REFUSED = "refused, and nothing has changed"
ROUNDS, EACH = 7, 2
"So many files of each way are made for this, with so many payouts in each."
WAYS = (("BANK_TRANSFER", "EUR"), ("BANK_TRANSFER", "USD"), ("BANK_TRANSFER", "GBP"), ("BACS", "GBP"), ("PAYPAL", "USD"))
NOON = timedelta(hours=12)
SPEAKS = ("cannot be read", "cannot read", "no such batch", "so nothing of it is taken in", "did not go out by BACS")
"What a refusal says, one of these."


class Bench:
    """Files that nobody has answered."""

    def __init__(self, story):
        self.story, self.year = story, story.year
        self.people, self.states = [], None

    def prepare(self):
        """Makes the files: some people withdraw, day after day."""
        client = self.story.patron()
        for rail, currency in WAYS:
            for number in range(EACH):
                name = f"{rail}-{currency}-{number}".lower().replace("_", "-")
                self.people.append(self.story.payee(client, name, (rail, currency), f"Payee {name}"))
        self.wait(3)
        for _ in range(ROUNDS):
            for number, person in enumerate(self.people):
                self.story.do.withdraw(person, 1_000 + 100 * number)
            self.wait(1)

    def wait(self, days):
        """So many business days pass."""
        for _ in range(days):
            self.story.advance(start_of(business(self.year.now.date() + DAY)) + NOON)
            self.story.settle_day()

    def batch(self, rail, number=0):
        """A file of which nothing is known; or another one."""
        found = [one for one in self.year.batches.values() if one.rail == rail and self._is_ours(one)]
        if len(found) <= number:
            raise Disagreement(f"there are too few files for {rail}; let ROUNDS be more")
        return found[number]

    def _is_ours(self, batch):
        return len(batch.of_state("PROCESSING")) == EACH and all(one.person in self.people for one in batch.payouts)

    def tries(self, form, text):
        """The outcome of an answer."""
        return self.runs("payouts", "import", form, self.story.banks.written(text), "--json")

    def runs(self, *words):
        """The outcome of a command."""
        before = self.states or self._states()
        done = self.story.program.run(*words, codes=(0, 1, 3))
        self.states = after = self._states()
        changed = Counter(f"{state} {failure or ''}".strip() for key, (state, failure) in after.items()
                          if before[key] != (state, failure))
        moves = ", ".join(f"{count} {how}" for how, count in sorted(changed.items()))
        self._adopt(before, after)
        if not done.returncode:
            return f"taken, {moves or 'and nothing has changed'}"
        self._understand(done)
        return f"refused, but {moves}" if changed else REFUSED

    def _states(self):
        """How all payouts stand."""
        nodes = pages(self.story.program.client, self.story.admins[0].token, ALL, ("admin", "payouts"))
        return {one["id"]: (one["state"], one["failure"]) for one in nodes}

    @staticmethod
    def _understand(done):
        """A refusal is a sentence for people, and nothing else."""
        if done.stdout.strip() or "panicked" in done.stderr or not any(words in done.stderr for words in SPEAKS):
            raise Disagreement(f"a refusal that nobody understands: {done.stdout!r} {done.stderr!r}")

    def _adopt(self, before, after):
        """The model takes over what the server should not have done, so that the rest can be compared."""
        for payout in self.year.payouts:
            state, failure = after[payout.id]
            if before[payout.id] != (state, failure):
                news = self.year.bank_pays(payout) if state == "PAID" else self.year.bank_fails(payout, failure)
                agree("a change that the model has never heard of", news, True)
