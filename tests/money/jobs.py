"""What happens around job posts, and what the model says of it."""

import rows
from agreement import agree
from market import LIVE, POST_LIFE, Post, Proposal
from posts import from_server

ERRORS = "userErrors { code }"
SHOWN = """id state description category title subcategory skills payment experienceLevel hiresWanted
  budget { amount currencyCode } hourlyRange { min { amount currencyCode } max { amount currencyCode } }"""
POST = """mutation($c: JobPostContent!, $k: String!) { done: createJobPost(input: { publish: true, idempotencyKey: $k,
  content: $c }) { jobPost { %s } %s } }""" % (SHOWN, ERRORS)
FREE = """mutation($post: ID!, $k: String!) { done: setJobPostFree(input: { jobPostId: $post, free: true,
  idempotencyKey: $k }) { jobPost { id } %s } }""" % ERRORS
PROPOSE = """mutation($post: ID!, $k: String!) { done: submitProposal(input: { jobPostId: $post, expectedConnects: 0,
  coverLetter: "Good day!", idempotencyKey: $k }) { proposal { id freelancer { id } } %s } }""" % ERRORS
SAY = """mutation($p: ID!, $k: String!) { done: sendMessage(input: { proposalId: $p, body: "Hello!", idempotencyKey: $k }) {
  message { room { proposal { state } } } %s } }""" % ERRORS
END_POST = """mutation($post: ID!, $k: String!) { done: VERB(input: { jobPostId: $post, idempotencyKey: $k }) {
  jobPost { state } %s } }""" % ERRORS


class Jobs:
    """The deeds; they are a part of `Deeds`."""

    def jobs(self):
        """The deeds around posts, each as often as it shall happen."""
        return [self.post, self.propose, self.propose, self.say, self.say, self.cancel_post, self.close_post]

    def post(self):
        """A client posts a job that is like a real one, which an admin makes free of Connects."""
        client = self.dice.choice(self.books.clients)
        row, wanted = self.rows[len(self.books.posts) % len(self.rows)], self.dice.choice((1, 1, 2, 3))
        content = rows.content(row, wanted)
        if client.barred:
            return self._refuse(client, POST, client.barred, c=content)
        done = self._do(client, POST, c=content)
        agree("refusals of a post", done["userErrors"], [])
        shown = done["jobPost"]
        agree("a post as a row of the file", from_server(shown), row)
        rest = {name: shown[name] for name in ("state", "description", "category", "hiresWanted")}
        agree("the rest of a post", rest, {"state": "OPEN", "description": content["description"],
                                           "category": content["category"], "hiresWanted": wanted})
        post = Post(client, row, self.books.now + POST_LIFE, wanted, shown["id"])
        agree("refusals to make it free", self._do(self.admin, FREE, post=post.id)["userErrors"], [])
        self.books.posts.append(post)
        return "posts"

    def propose(self):
        """A freelancer proposes to an open post."""
        post = self._some(self.books.posts, lambda post: post.state == "OPEN")
        if not post:
            return None
        taken = [proposal.freelancer for proposal in self.books.proposals if proposal.post is post]
        freelancer = self._some(self.books.freelancers, lambda one: one not in taken and one is not post.client)
        if not freelancer:
            return None
        if freelancer.barred or post.client.barred:
            return self._refuse(freelancer, PROPOSE, freelancer.barred or "NOT_FOUND", post=post.id)
        done = self._do(freelancer, PROPOSE, post=post.id)
        agree("refusals of a proposal", done["userErrors"], [])
        self.books.proposals.append(Proposal(post, freelancer, done["proposal"]["id"]))
        freelancer.profile = done["proposal"]["freelancer"]["id"]
        return "proposals"

    def say(self):
        """One of the sides of a proposal writes, or cannot."""
        proposal = self._some(self.books.proposals, lambda _: True)
        if not proposal:
            return None
        client = proposal.post.client
        person, other = self.dice.choice(((client, proposal.freelancer), (proposal.freelancer, client)))
        why = person.barred or self._why_silent(proposal, person is client, other)
        if why:
            return self._refuse(person, SAY, why, p=proposal.id)
        done = self._do(person, SAY, p=proposal.id)
        if person is client:
            proposal.has_room = True
            if proposal.state == "SUBMITTED":
                proposal.state = "INTERVIEWING"
            if proposal.post.state == "OPEN":
                proposal.post.deadline = self.books.now + POST_LIFE
        expected = {"message": {"room": {"proposal": {"state": proposal.state}}}, "userErrors": []}
        agree("a message", done, expected)
        return "messages"

    def _why_silent(self, proposal, by_client, other):
        if by_client and other.barred:
            return "NOT_FOUND"
        if other.closed:
            return "RECIPIENT_GONE"
        if proposal.state not in (*LIVE, "HIRED"):
            return "ILLEGAL_STATE"
        return None if by_client or proposal.has_room else "ROOM_NOT_OPEN"

    def cancel_post(self):
        """A client cancels a post, now and then, for which nobody was hired, or cannot."""
        is_hired = self.dice.random() < 0.2
        post = self._some(self.books.posts, lambda one: one.state == "OPEN" and (not is_hired or self.books.hires(one))
                          or self.dice.random() < 0.1)
        if not post or self.dice.random() < 0.6:
            return None
        why = self.books.hires(post) and "JOB_POST_HAS_CONTRACT"
        return self._end_post(post, "cancelJobPost", "CANCELLED", why)

    def close_post(self):
        """A client closes a post, now and then, for which somebody was hired, or cannot."""
        post = self._some(self.books.posts, lambda one: one.state == "OPEN" and (
            self.books.hires(one) or self.dice.random() < 0.1))
        if not post or self.dice.random() < 0.3:
            return None
        why = not self.books.hires(post) and "JOB_POST_HAS_NO_CONTRACT"
        return self._end_post(post, "closeJobPost", "CLOSED", why)

    def _end_post(self, post, verb, state, why):
        document = END_POST.replace("VERB", verb)
        why = post.client.gone or (why if post.state == "OPEN" else "ILLEGAL_STATE")
        if why:
            return self._refuse(post.client, document, why, post=post.id)
        done = self._do(post.client, document, post=post.id)
        self.books.end_post(post, state)
        agree(f"the answer to {verb}", done, {"jobPost": {"state": state}, "userErrors": []})
        return f"posts {state.lower()}"
