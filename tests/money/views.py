"""What people see, compared with the model."""

from collections import Counter

from agreement import agree
from answers import means_of
from clocks import instant
from market import money
from paying import refunds_of

SEEN = """query($after: String) { viewer { cashAccount { balance { amount } pending { amount } held { amount }
  receivable { amount } history(first: 100, after: $after) { nodes { kind amount { amount } balanceAfter { amount }
  effectiveAt } pageInfo { hasNextPage endCursor } } } } }"""
PAID = """query($after: String) { viewer { payments(first: 100, after: $after) { nodes { id amount { amount } state failure
  refunded { amount } chargedBack { amount } begunAt endedAt provider method { id } }
  pageInfo { hasNextPage endCursor } } } }"""
THINGS = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Contract { contract: state milestones(first: 100) { nodes {
  number state fundedAt released { amount } fee { amount } refunded { amount } reversed { amount } dispute { state }
  payment { id state provider } refunds { amount { amount } state } } } inEscrow { amount } } ... on Offer { offer: state }
  ... on Proposal { proposal: state } ... on JobPost { post: state hireCount proposalCount
  interviewingCount client { hireCount spent { amount } } }
  ... on Project { project: state version price { amount } } } }"""
AT_ONCE = 5
RUNS = "{ admin { taskRuns(outcome: FAILED, first: 5) { nodes { task error } } } }"


class Views:
    """Reads what everybody sees; `seen` sums it up, in cents."""

    def __init__(self, books, line):
        self.books, self.line = books, line
        self.seen = Counter()

    def compare(self):
        """Compares everything with the model, and what everybody sees together with the platform's totals."""
        self.seen = Counter()
        for person in self.books.people:
            self._cash(person)
            self._payments(person)
            self._things(person)
        totals = self.books.totals()
        agree("what all see together", {name: self.seen[name] for name in totals}, totals)

    def _cash(self, person):
        rows, cash = [], None
        for cash in self._pages(person, SEEN, "cashAccount", "history"):
            rows += [(one["kind"], one["amount"]["amount"], one["balanceAfter"]["amount"], instant(one["effectiveAt"]))
                     for one in cash["history"]["nodes"]]
        sums = {name: cash[name]["amount"] for name in ("balance", "pending", "held", "receivable")}
        agree(f"cash of {person.name}", sums, {
            "balance": money(person.cash), "pending": money(self.books.pending(person)), "held": money(person.held),
            "receivable": money(person.owed)})
        agree(f"cash history of {person.name}", rows, person.history[::-1])
        self.seen["PERSON"] += _cents(sums["balance"])
        self.seen["RECEIVABLE"] -= _cents(sums["receivable"])

    def _payments(self, person):
        nodes = [one for page in self._pages(person, PAID, "payments") for one in page["payments"]["nodes"]]
        got = {one.pop("id"): _read_payment(one) for one in nodes}
        agree(f"payments of {person.name}", got, {one.id: _payment(one) for one in person.payments})
        begun = [one["begunAt"] for one in nodes]
        agree(f"payments of {person.name}, newest first", begun, sorted(begun, reverse=True))
        for one in (one for one in nodes if one["provider"] != "CASH_ACCOUNT"):
            self.seen["CLEARING"] += _cents(one["chargedBack"]["amount"])
            self.seen["CLEARING"] -= _cents(one["amount"]["amount"]) if one["state"] == "PAID" else 0

    def _things(self, person):
        books = self.books
        agreed = [*books.contracts, *(one for one in books.offers if not one.is_order), *books.proposals]
        mine = [one for one in agreed if person in _sides(one)]
        mine += [one for one in books.posts if one.client is person]
        mine += [one for one in books.projects if one.freelancer is person]
        for at in range(0, len(mine), AT_ONCE):
            chunk = mine[at:at + AT_ONCE]
            nodes = self.line.ask(person, THINGS, ids=[one.id for one in chunk])["nodes"]
            agree(f"what {person.name} sees", [_read(node) for node in nodes],
                  [self._expected(one, person) for one in chunk])
            self._sum_up([node for node, one in zip(nodes, chunk) if one in books.contracts and one.offer.client is person])

    def _sum_up(self, contracts):
        for contract in contracts:
            self.seen["ESCROW"] += _cents(contract["inEscrow"]["amount"])
            for one in contract["milestones"]["nodes"]:
                self.seen["FEES"] += _cents(one["fee"]["amount"])
                for refund in one["refunds"]:
                    cents = _cents(refund["amount"]["amount"])
                    self.seen["REFUNDS_IN_TRANSIT"] += cents if refund["state"] == "UNKNOWN" else 0
                    is_at_bank = refund["state"] == "PAID" and one["payment"]["provider"] != "CASH_ACCOUNT"
                    self.seen["CLEARING"] += cents if is_at_bank else 0

    def _expected(self, thing, person):
        if hasattr(thing, "milestones"):
            funded = sum(one.cents for one in thing.milestones if one.state == "FUNDED")
            return thing.state, [_milestone(one, person) for one in thing.milestones], money(funded)
        if hasattr(thing, "has_room"):
            # A client does not see the proposals of people who are suspended or gone.
            return None if thing.freelancer.barred and person is not thing.freelancer else {"proposal": thing.state}
        if hasattr(thing, "row"):
            return {"post": thing.state, **self.books.crowd(thing), "client": {
                "hireCount": self.books.made(person),
                "spent": {"amount": money(self.books.spent(person))}}}
        if hasattr(thing, "version"):
            return {"project": thing.state, "version": thing.version, "price": {"amount": money(thing.cents)}}
        return {"offer": thing.state}

    def _pages(self, person, document, *path):
        """What the viewer has, page by page, of the connection at `path`."""
        after = None
        while True:
            viewer = self.line.ask(person, document, after=after)["viewer"]
            found = viewer[path[0]]
            yield found if len(path) > 1 else viewer
            info = (found[path[1]] if len(path) > 1 else found)["pageInfo"]
            if not info["hasNextPage"]:
                return
            after = info["endCursor"]


def _cents(text):
    return int(text.replace(".", ""))


def _read_payment(node):
    return {**node, "begunAt": instant(node["begunAt"]), "endedAt": node["endedAt"] and instant(node["endedAt"])}


def _payment(payment):
    return {"amount": {"amount": money(payment.cents)}, "state": payment.state, "failure": payment.failure,
            "refunded": {"amount": money(payment.refunded)}, "chargedBack": {"amount": money(payment.charged_back)},
            "begunAt": payment.begun_at, "endedAt": payment.ended_at, **means_of(payment)}


def _sides(thing):
    if hasattr(thing, "has_room"):
        return thing.post.client, thing.freelancer
    deal = getattr(thing, "offer", thing)
    return deal.client, deal.freelancer


def _read(node):
    if not node or "milestones" not in node:
        return node
    parts = [{**one, "fundedAt": one["fundedAt"] and instant(one["fundedAt"])} for one in node["milestones"]["nodes"]]
    return node["contract"], parts, node["inEscrow"]["amount"]


def _milestone(one, person):
    paid = one.payment if person is one.client else None
    return {"number": one.number, "state": one.state, "fundedAt": one.funded_at,
            "released": {"amount": money(one.released)}, "fee": {"amount": money(one.fee - one.fee_reversed)},
            "refunded": {"amount": money(one.refunded)}, "reversed": {"amount": money(one.reversed)},
            "dispute": {"state": one.disputes[-1].state} if one.disputes else None,
            "payment": paid and {"id": paid.id, "state": paid.state, "provider": means_of(paid)["provider"]},
            "refunds": refunds_of(one)}
