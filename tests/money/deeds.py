"""What people do, over GraphQL, and what the model says of it."""

from collections import Counter

from agreement import agree
from answers import lack
from catalog import Catalog
from disputes import Disputing
from hiring import Hiring
from jobs import Jobs
from paying import Paying
from plots import Plots
from spending import Spending
from standing import Standing


class Deeds(Jobs, Hiring, Paying, Disputing, Catalog, Standing, Plots, Spending):
    """Does one thing after the other, each predicted; `rows` are the real posts that those of clients are like."""

    def __init__(self, books, line, bank, admin, dice, rows):
        self.books, self.line, self.bank, self.admin, self.dice, self.rows = books, line, bank, admin, dice, rows
        self.count, self.last, self.begun = 0, None, []
        self.tally = Counter()

    def any(self):
        """Does something that is possible now, or something that is refused."""
        ways = [*self.jobs(), *self.hiring(), *self.paying(), *self.disputing(), *self.catalog(), *self.standing(),
                self.refused]
        while True:
            done = self.dice.choice(ways)()
            if done:
                self.tally[done] += 1
                return

    def refused(self):
        """Somebody tries what cannot be."""
        return self.dice.choice([self.answer_what_is_over, self.fund_what_is_not_theirs, self.fund_in_no_one_way,
                                 self.release_early])()

    def _do(self, person, document, is_lost=False, **variables):
        self.count += 1
        self.last = person, document, {**variables, "k": f"k{self.count}"}
        return self.line.send(*self.last, is_lost)

    def can_ask_again(self, is_lost):
        """Whether the outcome of the last request is not known, and the server can be killed while it is asked about."""
        return is_lost and self.line.kills_due > 0

    def _again(self):
        """Sends the last request again, twice, the server being killed within the first: then its outcome is known."""
        self.tally["kills while an outcome is not known"] += 1
        return self.line.send(*self.last)

    def _refuse(self, person, document, code, facts=None, **variables):
        done = self._do(person, document, **variables)
        agree("a refusal", done["userErrors"], [{"code": code, **(facts or {})}])
        return f"refused: {code}"

    def _refuse_cash(self, person, document, cents, **variables):
        """Somebody cannot pay so much from their cash, and is told how much there is."""
        refused = self._refuse(person, document, "INSUFFICIENT_CASH", lack("fromCash", cents, person.cash), **variables)
        return f"{refused} to pay"

    def _some(self, things, fits):
        fitting = [one for one in things if fits(one)]
        return self.dice.choice(fitting) if fitting else None
