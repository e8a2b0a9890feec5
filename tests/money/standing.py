"""How people are suspended and reinstated, leave and come back; and what the model says of it."""

from agreement import agree

ERRORS = "userErrors { code }"
SUSPEND = """mutation($a: ID!, $k: String!) { done: suspendAccount(input: { accountId: $a, reason: "So be it.",
  idempotencyKey: $k }) { account { id } %s } }""" % ERRORS
REINSTATE = """mutation($a: ID!, $k: String!) { done: reinstateAccount(input: { accountId: $a, idempotencyKey: $k }) {
  account { id suspendedSince } %s } }""" % ERRORS
CLOSE = """mutation($k: String!) { done: closeAccount(input: { idempotencyKey: $k }) { closure { proposalsWithdrawn
  connectsForfeited jobPostsCancelled directOffersEnded projectsWithdrawn planEnded } %s } }""" % ERRORS
REOPEN = """mutation($k: String!) { done: reopenAccount(input: { idempotencyKey: $k }) { account { id } %s } }""" % ERRORS
AT_A_TIME = 2


class Standing:
    """The deeds; they are a part of `Deeds`."""

    def standing(self):
        """The deeds of good and bad standing, each as often as it shall happen."""
        return [self.suspend, self.reinstate, self.close_account, self.reopen_account]

    def suspend(self):
        """An admin suspends somebody, if few are."""
        if sum(one.suspended for one in self.books.people) >= AT_A_TIME:
            return None
        people = self.dice.choice((self.books.clients, self.books.freelancers))
        person = self._some(people, lambda one: not one.barred)
        return person and self.suspend_one(person)

    def suspend_one(self, person):
        """An admin suspends this person."""
        done = self._do(self.admin, SUSPEND, a=person.id)
        person.suspended = True
        agree("a suspension", done, {"account": {"id": person.id}, "userErrors": []})
        return f"{'clients' if person in self.books.clients else 'freelancers'} suspended"

    def reinstate(self):
        """An admin lifts a suspension, or there is none."""
        person = self._some(self.books.people, lambda one: one.suspended or self.dice.random() < 0.05)
        return person and self.lift(person)

    def lift(self, person):
        """An admin lifts the suspension of this person, or there is none."""
        if not person.suspended:
            return self._refuse(self.admin, REINSTATE, "NOT_SUSPENDED", a=person.id)
        done = self._do(self.admin, REINSTATE, a=person.id)
        person.suspended = False
        agree("a reinstatement", done, {"account": {"id": person.id, "suspendedSince": None}, "userErrors": []})
        return "people reinstated"

    def close_account(self):
        """Somebody closes their account, now and then, or cannot."""
        is_any = self.dice.random() < 0.5
        person = self._some(self.books.people, lambda one: not one.suspended and (is_any or not self.books.is_bound(one)))
        return self.leave(person) if person and self.dice.random() < 0.3 else None

    def leave(self, person):
        """This person closes their account, or cannot."""
        why = person.gone or self.books.is_bound(person) and "CONTRACTS_ACTIVE"
        if why:
            return self._refuse(person, CLOSE, why)
        done = self._do(person, CLOSE)
        agree("the end of an account", done, {"closure": self.books.close(person), "userErrors": []})
        return "accounts closed"

    def reopen_account(self):
        """Somebody opens their account again, now and then, or it is not closed."""
        person = self._some(self.books.people, lambda one: one.closed or self.dice.random() < 0.05)
        return self.come_back(person) if person and self.dice.random() < 0.3 else None

    def come_back(self, person):
        """This person opens their account again, or it is not closed."""
        if not person.closed:
            return self._refuse(person, REOPEN, "ACCOUNT_NOT_CLOSED")
        done = self._do(person, REOPEN)
        person.closed = False
        agree("an account that is open again", done, {"account": {"id": person.id}, "userErrors": []})
        return "accounts opened again"

    def admit(self, *people):
        """Puts people into good standing, each as it needs."""
        for person in people:
            if person.suspended:
                self.tally[self.lift(person)] += 1
            if person.closed:
                self.tally[self.come_back(person)] += 1
