"""One whole run of the main job on one database, compared with the model all along."""

from dataclasses import dataclass

from agreement import Disagreement, agree
from clocks import phase, say
from graphql import Gone, pages
from histories import check_wallet
from kills import advance_with_kills
from model import Market, base_price, demand_percent
from plan import START
from posts import cents, from_server
from program import Program
from submits import Submits

ADMIN = "admin@example.com"
POSTS = """
query Posts($after: String) {
  jobPosts(first: 100, after: $after) {
    nodes {
      id title subcategory skills payment experienceLevel proposalCount state
      budget { amount currencyCode }
      hourlyRange { min { amount currencyCode } max { amount currencyCode } }
      connectsPrice { connects base value { amount } proposalCount demandPercent }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ACCOUNTS = """
query Accounts($after: String) {
  admin { accounts(first: 100, after: $after) { nodes { id email } pageInfo { hasNextPage endCursor } } }
}
"""
PLUS = """
mutation Plus($input: ChangeMembershipPlanInput!) {
  changeMembershipPlan(input: $input) { effectiveOn replayed userErrors { code message } }
}
"""
TOKENS_AT_ONCE = 200


@dataclass(frozen=True)
class Result:
    """The result of a run."""

    accepted: int
    insufficient: int
    kills: int
    digest_of_submits: str
    digest: str


class Run:
    """A run with this `name`; with kills if `disturbed`."""

    def __init__(self, name, program, plan, posts, posts_file, disturbed):
        self.name = name
        self.program = program
        self.plan = plan
        self.market = Market(posts)
        self.posts_file = posts_file
        self.disturbed = disturbed
        self.now = plan.registrations[-1][0]
        self.admin = None
        self.post_ids = []

    def go(self):
        """Runs all phases in order."""
        try:
            return self._phases()
        except Disagreement as no:
            raise Disagreement(f"run {self.name}: {no}{self._log()}") from None
        except Gone as gone:
            server = self.program.server
            state = "has not started" if server is None else f"exited {server.poll()} (None: it runs)"
            raise Disagreement(f"run {self.name}: the connection broke although nobody killed the server: {gone}; "
                               f"the server {state}{self._log()}") from None
        finally:
            self.program.close()

    def _log(self):
        tail = self.program.log_tail()
        return f"\nthe end of the server's log:\n{tail}" if tail else ""

    def _phases(self):
        with self._phase("registrations"):
            self._register()
        with self._phase("import"):
            self._import()
        self.program.start_server()
        with self._phase("posts read"):
            self._read_posts()
        with self._phase("plans changed"):
            self._give_plus()
        submits, kills = self._submit()
        with self._phase("posts read again, and verify") as notes:
            self._read_posts()
            digest_of_submits = self.program.verify()
            notes.append(f"demand: {self._crowds()}")
        kills += self._advance()
        with self._phase("wallets compared") as notes:
            notes.append(f"{self._compare(submits.proposals)} rows")
        self.program.stop_server()
        with self._phase("verify"):
            digest = self.program.verify()
        return Result(submits.accepted, submits.insufficient, kills, digest_of_submits, digest)

    def _phase(self, what):
        return phase(self.name, what)

    def _register(self):
        """Makes the database and an admin, and registers each day's freelancers."""
        self.program.run("migrate")
        self.program.run("register", "--admin", ADMIN)
        for now, emails in self.plan.registrations:
            self.program.advance(now)
            if emails:
                done = self.program.run("register", "--freelancer", *emails)
                agree("output of register", done.stdout.split("\n")[:-1], [f"registered {email}" for email in emails])
            self.market.advance(now)
            for email in emails:
                self.market.register(email, now)
        self.admin = self._tokens([ADMIN])[ADMIN]

    def _tokens(self, emails):
        tokens = {}
        for first in range(0, len(emails), TOKENS_AT_ONCE):
            some = emails[first:first + TOKENS_AT_ONCE]
            flags = [word for email in some for word in ("--email", email)]
            lines = self.program.run("token", *flags).stdout.split()
            agree("number of tokens", len(lines), len(some))
            tokens |= dict(zip(some, lines))
        return tokens

    def _import(self):
        """Imports all rows, and a second time none (J-1)."""
        count = len(self.market.posts)
        for line in (f"imported {count}, skipped 0, rejected 0", f"imported 0, skipped {count}, rejected 0"):
            done = self.program.run("import", "job-posts", self.posts_file)
            agree("last line of import", done.stdout.rstrip("\n").split("\n")[-1], line)

    def _read_posts(self):
        """Finds each row of the file among the posts by its own fields, and checks demand and price (J-3)."""
        index = {post: number for number, post in enumerate(self.market.posts)}
        ids = {}
        for node in pages(self.program.client, self.admin, POSTS, ("jobPosts",)):
            number = index.get(from_server(node))
            if number is None or number in ids:
                raise Disagreement(f"this post is no row of the file, or is there twice: {node}")
            ids[number] = node["id"]
            self._check_price(number, node)
        agree("number of posts", len(ids), len(index))
        self.post_ids = [ids[number] for number in range(len(ids))]

    def _check_price(self, number, node):
        post, proposals, price = self.market.posts[number], self.market.proposals[number], node["connectsPrice"]
        agree(f"demand and price of {post}",
              (node["state"], node["proposalCount"], price["proposalCount"], price["base"],
               price["demandPercent"], price["connects"]),
              ("OPEN", proposals, proposals, base_price(post), demand_percent(proposals), self.market.price(number)))
        value = price["value"] and cents(price["value"]["amount"])
        agree(f"value of {post}", value, self.market.value(number))

    def _give_plus(self):
        """Puts people on PLUS from the next cycle on."""
        client = self.program.client
        ids = {node["email"]: node["id"] for node in pages(client, self.admin, ACCOUNTS, ("admin", "accounts"))}
        missing = set(self.market.wallets) - set(ids)
        agree("freelancers that the list of accounts lacks", missing, set())
        for email in self.plan.plus:
            change = {"accountId": ids[email], "plan": "PLUS", "idempotencyKey": f"plus-{email}"}
            answer = client.ask(self.admin, PLUS, input=change)["changeMembershipPlan"]
            first_day = self.market.wallets[email].take_plus()
            agree(f"PLUS for {email}", answer, {"effectiveOn": str(first_day), "replayed": False, "userErrors": []})

    def _submit(self):
        spenders = sorted({email for email, _ in self.plan.submits})
        submits = Submits(self.program, self.market, self._tokens(spenders), self.post_ids, self.now)
        planned = self.plan.submit_kills if self.disturbed else ()
        with self._phase("submits") as notes:
            kills = submits.send_all(self.plan, planned, lambda text: say(f"[{self.name}] {text}"))
            notes.append(f"{submits.accepted} accepted, {submits.insufficient} refused")
            if self.disturbed:
                notes.append(f"killed {kills} times, {submits.replayed} replayed")
            if self.program.client.busy:
                notes.append(f"busy {self.program.client.busy} times")
        agree("kills of the server in submits", kills, len(planned))
        return submits, kills

    def _advance(self):
        planned = self.plan.advance_kills if self.disturbed else ()
        with self._phase("advance") as notes:
            kills, within_runs = advance_with_kills(self.program, self.admin, planned, self.plan.end)
            if self.disturbed:
                notes.append(f"killed {kills} times, {within_runs} of them within a task's run")
        agree("kills inside the advance (with more --days it takes longer and is easier to hit)", kills, len(planned))
        self.market.advance(self.plan.end)
        return kills

    def _compare(self, proposals):
        rows = 0
        for email, wallet in self.market.wallets.items():
            rows += check_wallet(self.program.client, self.admin, email, wallet, proposals, self.plan.end)
        return rows

    def _crowds(self):
        crowded = [sum(count >= step for count in self.market.proposals) for step in (1, 20, 50)]
        return f"{crowded[0]} posts with proposals, {crowded[1]} with 20 or more, {crowded[2]} with 50 or more"


def run(name, settings, database, folder, disturbed):
    """Creates the database, plays a run on it, and drops it unless it is to be kept."""
    say(f"[{name}] {'with' if disturbed else 'without'} kills")
    database.create()
    try:
        program = Program(settings.binary, database.url, START, folder)
        return Run(name, program, settings.plan, settings.posts, settings.posts_file, disturbed).go()
    finally:
        if not settings.keep:
            database.drop()
