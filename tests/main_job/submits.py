"""Sends proposals one after the other, and compares every answer with the model's."""

from agreement import Disagreement, agree
from clocks import instant
from graphql import Gone
from kills import ServerKiller

SUBMIT = """
mutation Submit($input: SubmitProposalInput!) {
  submitProposal(input: $input) {
    proposal { id connectsCharged state jobPost { id } }
    wallet { available }
    entry {
      kind quantity availableAfter document { kind reference }
      movements(first: 10) { nodes { quantity lot { source issuedAt } } pageInfo { hasNextPage } }
    }
    availableAfter
    replayed
    userErrors {
      code message rule
      ... on InsufficientConnects { required available }
      ... on ConnectsPriceChanged { expected actual }
    }
  }
}
"""
REPORT_EVERY = 5_000
REPEAT_EVERY = 500
"One call in this many is sent a second time although its answer has arrived."


class Submits:
    """The submits of a run, and their results."""

    def __init__(self, program, market, tokens, post_ids, now):
        self.program = program
        self.market = market
        self.tokens = tokens
        self.post_ids = post_ids
        self.now = now
        self.proposals = {}
        "The server's name of the proposal of (e-mail address, post): the reference of its history row."
        self.accepted = self.insufficient = self.replayed = 0

    def send_all(self, plan, kills, report):
        """Sends all of the plan's submits; returns how many kills hit."""
        killer = ServerKiller(self.program, kills)
        try:
            for number, (email, post) in enumerate(plan.submits, 1):
                killer.before(number)
                self._send(killer, number, email, post)
                if number % REPORT_EVERY == 0:
                    report(f"{number} submits, {self.accepted} accepted")
        finally:
            if killer.timer is not None:
                killer.timer.join()
        killer.settle()
        return killer.done

    def _send(self, killer, number, email, post):
        """Sends one submit; after a kill, the same call with the same key."""
        price = self.market.price(post)
        call = {
            "jobPostId": self.post_ids[post],
            "expectedConnects": price,
            "coverLetter": f"Proposal {number}.",
            "idempotencyKey": f"submit-{number}",
        }
        answer, sent = self._ask(killer, email, call)
        expected = self.market.submit(email, post, self.now)
        what = f"submit {number} of {email} to post {post}"
        if answer["replayed"]:
            self.replayed += 1
            agree(f"{what}: replayed, though it was sent once", sent > 1, True)
        check = self._accepted if expected.accepted else self._refused
        check(what, answer, expected, email, post)
        if number % REPEAT_EVERY == 0:
            again, _ = self._ask(killer, email, call)
            agree(f"{what}: its answer when sent again", again, answer | {"replayed": expected.accepted})

    def _ask(self, killer, email, call):
        """Returns the answer, and how often the call had to be sent for it."""
        sent = 0
        while True:
            sent += 1
            try:
                return self.program.client.ask(self.tokens[email], SUBMIT, input=call)["submitProposal"], sent
            except Gone as gone:
                killer.revive(gone)

    def _refused(self, what, answer, expected, _email, _post):
        """Checks for INSUFFICIENT_CONNECTS with its facts, and nothing else."""
        self.insufficient += 1
        errors = [{key: error.get(key) for key in ("code", "required", "available")} for error in answer["userErrors"]]
        agree(what, errors, [{"code": "INSUFFICIENT_CONNECTS", "required": expected.price,
                              "available": expected.available}])
        left = {key: answer[key] for key in ("proposal", "wallet", "entry", "availableAfter", "replayed")}
        agree(f"{what}, refused", left,
              {"proposal": None, "wallet": None, "entry": None, "availableAfter": None, "replayed": False})

    def _accepted(self, what, answer, expected, email, post):
        """Checks the charge, its lots, and what is left."""
        self.accepted += 1
        agree(f"{what}: refusals", answer["userErrors"], [])
        proposal, entry = answer["proposal"], answer["entry"]
        got = {
            "post": proposal["jobPost"]["id"],
            "state": proposal["state"],
            "charged": proposal["connectsCharged"],
            "available after": answer["availableAfter"],
            "wallet": answer["wallet"]["available"],
            "row": (entry["kind"], entry["quantity"], entry["availableAfter"], entry["document"]["kind"]),
            "lots": moved_of(entry),
        }
        agree(what, got, {
            "post": self.post_ids[post],
            "state": "SUBMITTED",
            "charged": expected.price,
            "available after": expected.available,
            "wallet": expected.available,
            "row": ("PROPOSAL", -expected.price, expected.available, "PROPOSAL"),
            "lots": expected.moved,
        })
        self.proposals[email, post] = entry["document"]["reference"]


def moved_of(entry):
    """Lots of a history row as the model writes them: (source, issued at, change)."""
    if entry["movements"]["pageInfo"]["hasNextPage"]:
        raise Disagreement(f"a row with more than 10 lots: {entry}")
    return tuple((move["lot"]["source"], instant(move["lot"]["issuedAt"]), move["quantity"])
                 for move in entry["movements"]["nodes"])
