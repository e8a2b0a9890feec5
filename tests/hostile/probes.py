"""What strangers try with ids that are not theirs: a foreign id must get the answer of an absent one."""

import json
import re

from breach import Breach, must, shown
from market import MARK
from roles import key_of, kind_of
from values import global_id
from wire import ask, exchange, request

NODES = """query($i: [ID!]!) { nodes(ids: $i) { __typename id
  ... on Account { email wallet { available } } ... on Wallet { available plan } ... on Proposal { coverLetter state }
  ... on JobPost { title standing: state } ... on Notification { message } ... on Viewer { email }
  ... on JobPostReport { comment } ... on TaskRun { task counts { what } }
  ... on HistoryEntry { quantity reason } ... on Lot { remaining } } }"""
NODE = "query($i: ID!) { node(id: $i) { __typename id } jobPost(id: $i) { title } }"
OWN = """query($c: String) { jobPosts(after: $c) { nodes { id title } } viewer { id
  a: jobPosts(after: $c) { nodes { id title } } b: proposals(after: $c) { nodes { id coverLetter } }
  c: reports(after: $c) { nodes { id comment } } d: notifications(after: $c) { nodes { id message } }
  e: jobPosts(before: $c) { nodes { id } } f: wallets(after: $c) { nodes { id lots(after: $c) { nodes { id } }
    history(after: $c) { nodes { id movements(after: $c) { nodes { id } } } } } } } }"""
EDGES = """query($t: String) { jobPosts(filter: { text: $t }) { nodes { title } } all: jobPosts(first: 100) { nodes {
  title description closingReason removal { reason appeal answer } proposals(hidden: true) { nodes { id coverLetter } }
  viewerProposal { id coverLetter } client { name country } } } }"""
CONTENT = {"title": "t", "description": "d", "category": "DESIGN", "payment": "FIXED", "budget": {"amount": "5.00"}}
MUTATIONS = {
    "JobPost": {
        "publishJobPost": {}, "cancelJobPost": {"idempotencyKey": "k"}, "updateJobPost": {"version": 1, "content": CONTENT},
        "removeJobPost": {"reason": "r", "idempotencyKey": "k"}, "setJobPostFree": {"free": True},
        "reportJobPost": {"reason": "SPAM"}, "dismissReports": {"reason": "r"}, "appealRemoval": {"text": "t"},
        "answerAppeal": {"answer": "a"}, "submitProposal": {"expectedConnects": 2, "coverLetter": "c",
                                                            "idempotencyKey": "k"},
    },
    "Proposal": {
        "editProposal": {"coverLetter": "c"}, "withdrawProposal": {}, "markProposalViewed": {},
        "shortlistProposal": {"on": True},
        "hideProposal": {"on": True}, "declineProposal": {"reason": "r"},
    },
    "Account": {"changeMembershipPlan": {"plan": "PLUS"}, "suspendAccount": {"reason": "r"}, "reinstateAccount": {},
                "suspendForFraud": {"reason": "r", "idempotencyKey": "k"},
                "grantRole": {"role": "AUDITOR"}, "revokeRole": {"role": "AUDITOR"}, "signOutEverywhere": {}},
    "Notification": {"markNotificationsRead": {}},
}
FIELDS = {"JobPost": "jobPostId", "Proposal": "proposalId", "Account": "accountId", "Notification": "ids"}


class Asker:
    """Somebody who tries; `foreign` are the ids, by kind, that they must not see."""

    def __init__(self, name, server, token, foreign, is_stranger, dice):
        self.name, self.server, self.token = name, server, token
        self.foreign = {kind: sorted(ids) for kind, ids in sorted(foreign.items()) if ids}
        self.ids = [made for kind, ids in self.foreign.items() if kind != "cursor" for made in ids]
        self.is_stranger = is_stranger
        self.dice = dice
        self.known = set(self.ids)
        self.blank = self._nodes([self.absent("Wallet") for _ in range(100)])
        must(json.loads(self.blank) == {"data": {"nodes": [None] * 100}}, f"absent ids: {shown(self.blank)}")

    def absent(self, kind):
        """An id of this kind that belongs to nothing."""
        made = f"{self.dice.getrandbits(128):032x}"
        made = f"{made[:8]}-{made[8:12]}-7{made[13:16]}-8{made[17:20]}-{made[20:]}"
        return global_id(f"{kind}:{made}{ENDS.get(kind, '')}")

    def many(self):
        """A hundred ids in one query: foreign ones, the same spelled differently, absent and malformed ones."""
        asked = [self._one() for _ in range(100)]
        answer = self._nodes(asked)
        if answer != self.blank:
            found = json.loads(answer).get("data") or {}
            seen = [(asked[at], node) for at, node in enumerate(found.get("nodes") or []) if node]
            raise Breach(f"{self.name} sees {shown(seen[:3])}" if seen else f"{self.name} is answered {shown(answer)}")
        return asked

    def single(self):
        """`node`, `jobPost`, and the export of a wallet."""
        made = self.dice.choice(self.ids)
        kind = kind_of(made)
        self._alike(NODE, made, self.absent(kind))
        paths = (f"/wallets/{one}/history.csv" for one in (made, self.absent(kind)))
        headers = [("Authorization", f"Bearer {self.token}")] if self.token else []
        answers = [exchange(self.server.port, [request("GET", path, headers=headers)], 30) for path in paths]
        must(answers[0].status == answers[1].status and answers[0].status in (401, 404),
             f"the export of {made}: {answers[0].status}")
        must(_plain(answers[0].body) == _plain(answers[1].body), f"the export of {made}: {shown(answers[0].body)}")
        return made

    def mutation(self):
        """A mutation with a foreign id, and the same one with an absent id."""
        kind = self.dice.choice([kind for kind in MUTATIONS if self.foreign.get(kind)])
        name = self.dice.choice(sorted(MUTATIONS[kind]))
        told = "__typename userErrors { code message field rule retryable }"
        document = f"mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{ {told} }} }}"
        made, absent = self.dice.choice(self.foreign[kind]), self.absent(kind)
        rest = MUTATIONS[kind][name] | {"dryRun": self.dice.random() < 0.5}
        given = [[one] if kind == "Notification" else one for one in (made, absent)]
        told = self._alike(document, *({FIELDS[kind]: one} | rest for one in given))
        must('"userErrors":[]' not in told, f"{name} of {made} by {self.name} went through: {shown(told)}")
        return f"{kind}:{name}"

    def cursor(self):
        """Their own lists, from a cursor of somebody else's."""
        answer = self._ask(OWN, {"c": self.dice.choice(self.foreign["cursor"])})
        found = set(re.findall(r'"id":"([^"]+)"', answer))
        must(not (seen := found & self.known), f"{self.name} sees {seen} from a foreign cursor")
        self._unmarked(answer)
        return "cursor"

    def search(self):
        """Searches for what is hidden, and the edges of what is visible."""
        answer = self._ask(EDGES, {"t": MARK})
        self._unmarked(answer)
        return "search"

    def _unmarked(self, answer):
        if self.is_stranger:
            must(MARK not in answer,
                 lambda: f"{self.name} reads a secret: {shown(answer[max(0, answer.find(MARK) - 500):])}")

    def _one(self):
        made, shape = self.dice.choice(self.ids), self.dice.random()
        if shape < 0.75:
            return made
        text = key_of(made)
        kind, _, rest = text.partition(":")
        if shape < 0.85:
            # A client of public posts is seen by all; an admin sees every account.
            others = ("Viewer", "Proposal", "JobPostReport", "Node", "viewer") + (("Account", "Wallet")
                                                                                  if self.name != "admin" else ())
            return global_id(f"{self.dice.choice(others)}:{rest.split(':')[0]}")
        if shape < 0.93:
            changed = (text.upper(), f"{kind}:{rest.upper()}", f"{kind}:{{{rest}}}", f"{kind}:urn:uuid:{rest}",
                       f"{kind}:{rest.replace('-', '')}",
                       f"{text}:1", f"{text}\0", f" {text}", f"{kind}::{rest}", f"{kind}:%{rest[1:]}",
                       f"{kind}:' OR '1'='1")
            return global_id(self.dice.choice(changed))
        return self.dice.choice((made + "=", made + "==", made[:-1], made.lower(), made + "\0", "", self.absent(kind),
                                 made[::-1]))

    def _alike(self, document, made, absent):
        """Checks that both answers have the same bytes, except for the ids of the requests; returns one."""
        answers = [self._ask(document, {"i": one}) for one in (made, absent)]
        must(answers[0] == answers[1],
             lambda: f"{self.name}: {shown(document)} of {shown(made)} tells a foreign id from an absent one:\n"
             f"    foreign {shown(answers[0])}\n    absent  {shown(answers[1])}")
        return answers[0]

    def _nodes(self, ids):
        return self._ask(NODES, {"i": ids})

    def _ask(self, document, variables):
        answer = ask(self.server.port, {"query": document, "variables": variables}, self.token)
        must(answer.status == 200, lambda: f"{self.name}: HTTP {answer.status}: {shown(answer.body)}")
        return _plain(answer.body)


ENDS = {"Lot": ":1", "HistoryEntry": ":1", "LotMovement": ":1:1", "Notification": ":CONNECTS_GRANTED/2026-02-01"}


def _plain(body):
    """An answer without the request's id."""
    return re.sub(r'"requestId":"[^"]*"', '"requestId":""', body.decode())
