"""What people see, compared with the model."""

from collections import Counter

from agreement import agree
from clocks import instant
from dates import money
from papers import Papers

PAGE = "pageInfo { hasNextPage endCursor }"
STANDING = """{ viewer { cashAccount { balance { amount } receivable { amount } pending { amount } }
  payoutPreference { schedule threshold { amount } } payoutMethod { rail currencyCode setAt usableAt }
  affiliate { state owed { amount } sent { amount } paid { amount } } } }"""
ATTRIBUTION = """link { id } clickedAt registeredOn hireBefore state refusal commission { state base { amount } }
  clicks { clickedAt fate link { id } }"""
ATTRIBUTIONS = """query($after: String) { viewer { affiliate { found: attributions(first: 50, after: $after) { nodes { %s }
  %s } } } }""" % (ATTRIBUTION, PAGE)
ATTRIBUTIONS_OF = """query($after: String, $id: ID!) { node(id: $id) { ... on Affiliate {
  found: attributions(first: 50, after: $after) { nodes { %s } %s } } } }""" % (ATTRIBUTION, PAGE)
COMMISSIONS = """query($after: String) { viewer { affiliate { found: commissions(first: 50, after: $after) { nodes {
  link { id } attribution { registeredOn } state reason base { amount } expected { amount } locked { amount } fundedAt
  nextLockAt endedAt isUnderReview isDisputed
  locks { lockedAt released { amount } amount { amount } dueAt payout { state createdAt } } } %s
  } } } }""" % PAGE
PAYOUTS = """query($after: String) { viewer { found: payouts(first: 40, after: $after) { nodes { purpose state hold failure
  amount { amount } paid { amount currencyCode } createdAt endedAt items(first: 100) { nodes { lockedAt amount { amount } }
  } } %s } } }""" % PAGE
PLAN = """query($p: PayoutPurpose!, $after: String) { admin { payoutPlan(purpose: $p) { digest payoutCount total { amount }
  held { amount } needsSecondAdmin found: lines(first: 50, after: $after) { nodes { account { email } amount { amount }
  itemCount hold paid { amount currencyCode } } %s } } } }""" % PAGE
RUNS = "{ admin { taskRuns(outcome: FAILED, first: 5) { nodes { task error } } } }"
LIMIT = 1_000_000


class Seeing(Papers):
    """Reads what everybody sees."""

    def __init__(self, year, line, admins):
        self.year, self.line, self.admins = year, line, admins
        self.tally = Counter()
        "What was seen how often: why something was not paid, and how payouts stood."

    def compare(self):
        """Compares what affiliates and freelancers see, and both plans."""
        of = {one.person: one for one in self.year.affiliates}
        for person in self.year.people:
            if person in of or person.is_freelancer:
                self._standing(person, of.get(person))
            if person in of:
                self._attributions(of[person])
                self._commissions(of[person])
            if person.payouts:
                self._payouts(person)
            if any(one.person is person for one in self.year.tickets):
                self.tickets(person)
        self.flags()
        for purpose in ("COMMISSIONS", "WITHDRAWAL"):
            self.plan(purpose)

    def _standing(self, person, affiliate):
        seen = self.line.ask(person, STANDING)["viewer"]
        cash = {"balance": person.cash, "receivable": person.owed, "pending": self.year.pending(person)}
        agree(f"cash of {person.name}", {name: seen["cashAccount"][name]["amount"] for name in cash},
              {name: money(cents) for name, cents in cash.items()})
        agree(f"when {person.name} is paid", seen["payoutPreference"], {
            "schedule": person.schedule, "threshold": person.threshold and {"amount": money(person.threshold)}})
        method = seen["payoutMethod"]
        agree(f"where {person.name} is paid", method and (
            method["rail"], method["currencyCode"], instant(method["setAt"]), instant(method["usableAt"])),
            person.method and (person.method.rail, person.method.currency, person.method.set_at, person.method.usable_at))
        if affiliate:
            owed, sent, paid = (money(cents) for cents in self.year.worth(affiliate))
            agree(f"what {person.name} earns", seen["affiliate"], {
                "state": affiliate.state, "owed": {"amount": owed}, "sent": {"amount": sent}, "paid": {"amount": paid}})

    def _attributions(self, affiliate):
        """Admins see all of them; affiliates those who have paid, because nobody here has verified their address."""
        mine = [one for one in self.year.attributions if one.affiliate is affiliate]
        all_of_them = self._pages(self.admins[0], ATTRIBUTIONS_OF, root="node", id=affiliate.id)
        self._same(f"attributions of {affiliate.person.name}, by an admin", all_of_them, mine, None)
        seen = self._pages(affiliate.person, ATTRIBUTIONS, "affiliate")
        mine = [one for one in mine if one.state == "COMMISSIONED"]
        self._same(f"attributions of {affiliate.person.name}", seen, mine, affiliate)

    @staticmethod
    def _same(name, nodes, mine, viewer):
        """Compares attributions as somebody sees them: an affiliate, or an admin."""
        got = [(one["registeredOn"], instant(one["clickedAt"]), instant(one["hireBefore"]), one["link"]["id"],
                one["state"], one["refusal"], one["commission"] and (
                    one["commission"]["state"], one["commission"]["base"]["amount"]),
                [(instant(click["clickedAt"]), click["fate"], click["link"] and click["link"]["id"])
                 for click in one["clicks"]]) for one in nodes]
        agree(f"{name}, newest first", [one[0] for one in got], sorted((one[0] for one in got), reverse=True))
        agree(name, sorted(got, key=repr), sorted((_attribution(one, viewer) for one in mine), key=repr))

    def _commissions(self, affiliate):
        name = f"commissions of {affiliate.person.name}"
        nodes = list(self._pages(affiliate.person, COMMISSIONS, "affiliate"))
        got = [{**one, **{field: one[field]["amount"] for field in ("base", "expected", "locked")},
                **{field: one[field] and instant(one[field]) for field in ("fundedAt", "nextLockAt", "endedAt")},
                "link": one["link"]["id"], "attribution": one["attribution"]["registeredOn"],
                "locks": [_read_lock(lock) for lock in one["locks"]]} for one in nodes]
        mine = [{**_commission(one), "isUnderReview": self.year.is_under_review(one.attribution.client),
                 "isDisputed": self.year.is_disputed(one)} for one in self.year.commissions if one.affiliate is affiliate]
        agree(name, sorted(got, key=_order), sorted(mine, key=_order))

    def _payouts(self, person):
        nodes = list(self._pages(person, PAYOUTS))
        got = [(instant(one["createdAt"]), one["purpose"], one["state"], one["hold"], one["failure"],
                one["amount"]["amount"], one["paid"] and (one["paid"]["amount"], one["paid"]["currencyCode"]),
                one["endedAt"] and instant(one["endedAt"]).date(),
                sorted((instant(lock["lockedAt"]), lock["amount"]["amount"]) for lock in one["items"]["nodes"]))
               for one in nodes]
        expected = [_payout(one) for one in person.payouts]
        self.tally.update(f"payouts seen {one.state} {one.hold or ''}".strip() for one in person.payouts)
        agree(f"payouts to {person.name}", sorted(got, key=repr), sorted(expected, key=repr))

    def plan(self, purpose):
        """Compares what would be paid, and why the rest is not; returns the digest, and what would be paid."""
        lines, after = [], None
        while True:
            plan = self.line.ask(self.admins[0], PLAN, p=purpose, after=after)["admin"]["payoutPlan"]
            lines += plan["found"]["nodes"]
            if not plan["found"]["pageInfo"]["hasNextPage"]:
                break
            after = plan["found"]["pageInfo"]["endCursor"]
        expected = self.year.plan(purpose)
        paying = [line for line in expected if not line.hold]
        total = sum(line.cents for line in paying)
        self.tally.update(f"plans of {purpose} that say {line.hold or 'PAID'}" for line in expected)
        agree(f"a plan of {purpose}", sorted(map(_read_line, lines), key=repr), sorted(map(_line, expected), key=repr))
        sums = {"payoutCount": len(paying), "total": {"amount": money(total)}, "needsSecondAdmin": total > LIMIT,
                "held": {"amount": money(sum(line.cents for line in expected) - total)}}
        agree(f"sums of a plan of {purpose}", {name: plan[name] for name in sums}, sums)
        return plan["digest"], total, len(paying)

    def failed_runs(self):
        """No task has failed."""
        agree("tasks that failed", self.line.ask(self.admins[0], RUNS)["admin"]["taskRuns"]["nodes"], [])

    def _pages(self, person, document, *path, root="viewer", **more):
        after = None
        while True:
            found = self.line.ask(person, document, after=after, **more)[root]
            for name in (*path, "found"):
                found = found[name]
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]


def _order(commission):
    return repr((commission["fundedAt"], commission["attribution"], sorted(commission.items())))


def _attribution(one, viewer):
    clicks = [(click.at, one.fate(click), click.link.id if viewer in (None, click.link.affiliate) else None)
              for click in reversed(one.browser.clicks)]
    commission = one.commission and (one.commission.state, money(one.commission.job.cents))
    return (one.registered_at.date().isoformat(), one.click.at, one.hire_before, one.click.link.id, one.state, one.refusal, commission,
            clicks[:100])


def _read_lock(lock):
    payout = lock["payout"] and (lock["payout"]["state"], instant(lock["payout"]["createdAt"]).date())
    return instant(lock["lockedAt"]), lock["released"]["amount"], lock["amount"]["amount"], instant(lock["dueAt"]), payout


def _commission(one):
    locks = [(lock.at, money(lock.released), money(lock.cents), lock.due_at,
              lock.payout and (lock.payout.state, lock.payout.made_at.date())) for lock in one.locks]
    return {"link": one.attribution.click.link.id, "attribution": one.attribution.registered_at.date().isoformat(), "state": one.state,
            "reason": one.reason, "base": money(one.job.cents), "expected": money(one.expected), "locked": money(one.locked),
            "fundedAt": one.job.funded_at, "nextLockAt": one.next_lock_at, "endedAt": one.ended_at, "locks": locks}


def _payout(one):
    return (one.made_at, one.purpose, one.state, one.hold, one.failure, money(one.cents),
            (money(one.minor), one.method.currency) if one.method else None, one.ended_at and one.ended_at.date(),
            sorted((lock.at, money(lock.cents)) for lock in one.locks))


def _read_line(line):
    paid = line["paid"] and (line["paid"]["amount"], line["paid"]["currencyCode"])
    return line["account"]["email"], line["amount"]["amount"], line["itemCount"], line["hold"], paid


def _line(line):
    paid = line.paid and (money(line.paid[0]), line.paid[1])
    return line.person.email, money(line.cents), 1 if line.payout else len(line.locks), line.hold, paid
