"""A marketplace for `strangers.py`: many people who all have something that others must not see."""

import itertools
import json

from breach import must, shown
from roles import gather, key_of
from values import global_id
from wire import ask

MARK = "zqsecret"
"This is in every text that is not for everyone."
ADMIN = "oskar@demo.example"
CREATE = """mutation($i: CreateJobPostInput!) {
  done: createJobPost(input: $i) { jobPost { id } userErrors { message } } }"""
SUBMIT = """mutation($i: SubmitProposalInput!) {
  done: submitProposal(input: $i) { proposal { id } userErrors { message } } }"""
PRICE = "query($id: ID!) { jobPost(id: $id) { connectsPrice { connects } } }"
EVERYTHING = """
{ viewer { id email unreadNotificationCount
  wallets { nodes { id available held plan lots(first: 3) { edges { cursor node { id remaining } } }
    history(first: 5) { edges { cursor node { id seq quantity movements { edges { cursor node { id } } } } } } } }
  proposals(first: 20) { edges { cursor node { id state coverLetter endedReason viewedAt } } }
  jobPosts(first: 20) { edges { cursor node { id state version title closingReason removal { reason }
    proposals(first: 20, hidden: true) { edges { cursor node { id state isHidden isShortlisted } } } } } }
  reports { edges { cursor node { id state comment } } }
  notifications(first: 20) { edges { cursor node { id message readAt } } } } }
"""
OPERATIONS = """
{ admin { accounts(first: 60) { nodes { id } } jobPostReports(first: 60) { nodes { id } }
  taskRuns(first: 60) { nodes { id } } tasks { id } auditLog(first: 60) { nodes { id } } } }
"""


class Market:
    """People and what they have; `private` are the ids of posts that only their client and admins may see."""

    def __init__(self, server, freelancers=30, clients=10):
        self.server = server
        self.freelancers = [f"{MARK}-f{number}@hostile.example" for number in range(freelancers)]
        self.clients = [f"{MARK}-c{number}@hostile.example" for number in range(clients)]
        self.strangers = ["stranger-f@hostile.example", "stranger-c@hostile.example"]
        self.private, self.public = [], []
        self.tokens = {}

    def build(self):
        """Registers, posts, proposes, declines, reports."""
        for flag, people in (("--freelancer", [*self.freelancers, self.strangers[0]]),
                             ("--client", [*self.clients, self.strangers[1]])):
            for email in people:
                self.server.run("register", flag, "--name", f"Person {len(self.tokens)}", email)
        self.tokens = self.server.tokens([*self.freelancers, *self.clients, *self.strangers, ADMIN])
        for email in self.clients:
            self._post(email)
        proposals = [self._propose(email, number) for number, email in enumerate(self.freelancers)]
        for number, (email, post) in enumerate(itertools.product(self.freelancers[:10], self.public[:3])):
            made = {"jobPostId": post, "reason": "SPAM", "comment": f"{MARK} comment {number}"}
            self.change(email, "reportJobPost", "ReportJobPostInput", made)
        self._end(list(itertools.chain.from_iterable(proposals)))

    def _post(self, email):
        for shape in ("open", "open", "open", "draft", "draft", "invited", "invited"):
            hidden = f"{MARK} " if shape != "open" else ""
            content = {"title": f"{hidden}{shape} job", "description": f"{hidden}words", "category": "DESIGN",
                       "payment": "FIXED",
                       "budget": {"amount": "40.00"}, "visibility": "INVITE_ONLY" if shape == "invited" else "PUBLIC"}
            done = self.ask(email, CREATE, i={"content": content, "publish": shape != "draft"})
            (self.private if hidden else self.public).append(done["done"]["jobPost"]["id"])

    def _propose(self, email, number):
        sent = []
        for post in {self.public[(number * 7 + step * 11) % len(self.public)] for step in range(3)}:
            price = self.ask(email, PRICE, id=post)["jobPost"]["connectsPrice"]["connects"]
            done = self.ask(email, SUBMIT, i={"jobPostId": post, "expectedConnects": price,
                                              "coverLetter": f"{MARK} letter",
                                              "idempotencyKey": f"p-{post}"})["done"]
            must(done["proposal"], f"no proposal: {shown(done)}")
            sent.append((email, post, done["proposal"]["id"]))
        return sent

    def _end(self, proposals):
        """Withdraws, hides and declines some; cancels a post, takes another one down and appeals."""
        owner = {post: self.clients[number // 3] for number, post in enumerate(self.public)}
        for number, (freelancer, post, made) in enumerate(proposals[:40]):
            one = {"proposalId": made}
            if number % 4 == 0:
                self.change(freelancer, "withdrawProposal", "WithdrawProposalInput", one | {"reason": f"{MARK} gone"})
            elif number % 4 == 1:
                self.change(owner[post], "declineProposal", "DeclineProposalInput", one | {"reason": f"{MARK} no"})
            elif number % 4 == 2:
                self.change(owner[post], "hideProposal", "HideProposalInput", one)
            else:
                self.change(owner[post], "shortlistProposal", "ShortlistProposalInput", one)
        cancelled, removed = {"jobPostId": self.public[0]}, {"jobPostId": self.public[1]}
        key = {"idempotencyKey": "once"}
        self.change(owner[self.public[0]], "cancelJobPost", "CancelJobPostInput",
                    cancelled | key | {"reason": f"{MARK} off"})
        self.change(ADMIN, "removeJobPost", "RemoveJobPostInput", removed | key | {"reason": f"{MARK} down"})
        self.change(owner[self.public[1]], "appealRemoval", "AppealRemovalInput", removed | {"text": f"{MARK} please"})

    def change(self, email, mutation, type_name, made):
        """Sends a mutation that must succeed."""
        done = self.ask(email,
                        f"mutation($i: {type_name}!) {{ done: {mutation}(input: $i) {{ userErrors {{ message }} }} }}",
                        i=made)
        must(not done["done"]["userErrors"], f"{mutation}: {shown(done)}")

    def ask(self, email, document, **variables):
        """Returns the data of an answer that must have no errors."""
        answer = ask(self.server.port, {"query": document, "variables": variables}, self.tokens[email]).json()
        must(answer and "errors" not in answer, f"{shown(document)}: {shown(answer)}")
        return answer["data"]

    def seen(self):
        """By person: all ids and cursors that they see from themselves, and the text of it all."""
        found = {}
        for email in [*self.freelancers, *self.clients, *self.strangers, ADMIN]:
            data, ids = self.ask(email, EVERYTHING), {}
            gather(data, ids, most=10**6)
            # A person's account has the key of his `Viewer`.
            ids["Account"] = [global_id(key_of(one).replace("Viewer:", "Account:")) for one in ids["Viewer"]]
            found[email] = (ids, json.dumps(data))
        return found

    def all_private(self, seen):
        """All ids that strangers may not see, by kind."""
        found = {}
        for ids, _ in seen.values():
            for kind, some in ids.items():
                found.setdefault(kind, set()).update(some)
        more = {}
        gather(self.ask(ADMIN, OPERATIONS), more, most=10**6)
        for kind, some in more.items():
            found.setdefault(kind, set()).update(some)
        found["JobPost"] = set(self.private)
        return found
