"""The comparisons at the end of a day, and at the end of the season."""

import paths  # noqa: F401  # pylint: disable=unused-import

from collections import Counter

from agreement import agree
from views import POST, PROPOSAL, only, post_expected, post_read, proposal_expected, proposal_read

PAGE_INFO = "pageInfo { hasNextPage endCursor }"
BALANCES = f"""
query Balances($after: String) {{ admin {{ accounts(first: 100, after: $after) {{
  nodes {{ email wallet {{ available held }} }} {PAGE_INFO}
}} }} }}
"""
OPEN_POSTS = f"""
query Open($after: String) {{ jobPosts(first: 100, after: $after) {{ nodes {POST} {PAGE_INFO} }} }}
"""
OWN_POSTS = f"""
query Own($after: String) {{ viewer {{ jobPosts(first: 100, after: $after) {{ nodes {POST} {PAGE_INFO} }} }} }}
"""
SENT = f"""
query Sent($after: String) {{ viewer {{ proposals(first: 100, after: $after) {{ nodes {PROPOSAL} {PAGE_INFO} }} }} }}
"""
RECEIVED = f"""
query Received($id: ID!, $after: String) {{ jobPost(id: $id) {{
  proposals(first: 100, after: $after, hidden: true) {{ nodes {PROPOSAL} {PAGE_INFO} }}
}} }}
"""
NOTICES = f"""
query Notices($after: String) {{ viewer {{ unreadNotificationCount notifications(first: 100, after: $after) {{
  nodes {{ kind readAt }} {PAGE_INFO}
}} }} }}
"""
REPORTS = f"""
query Reports($after: String) {{ admin {{ jobPostReports(first: 100, after: $after) {{
  nodes {{ state jobPost {{ id }} }} {PAGE_INFO}
}} }} }}
"""
WALLET = """
query Wallet { viewer { wallets(first: 2) { nodes {
  available held billingCycle { startsOn endsOn } nextGrant { on quantity }
} } } }
"""
HISTORY = f"""
query History($after: String) {{ viewer {{ wallets(first: 1) {{ nodes {{
  history(first: 100, after: $after) {{ nodes {{ kind quantity }} {PAGE_INFO} }}
}} }} }} }}
"""
CLIENT = """
query Client($id: ID!) { jobPost(id: $id) { client {
  postCount openPostCount cancelledPostCount proposalCount
} } }
"""


class Ends:
    """Comparisons of a database with the model."""

    def __init__(self, world, door, deeds, tally):
        self.world = world
        self.door = door
        self.deeds = deeds
        self.tally = tally
        self.admin = next(person for person in world.people.values() if person.is_admin)

    def balances(self):
        """Compares every wallet's available Connects, and checks that there is nobody else."""
        got = {node["email"]: node["wallet"] for node in self._pages(self.admin, BALANCES, "admin", "accounts")}
        agree("accounts", sorted(got), sorted(self.world.people))
        for email, person in self.world.people.items():
            expected = person.purse and {"available": person.purse.available, "held": 0}
            agree(f"wallet of {email}", got[email], expected)

    def open_posts(self):
        """Compares all open posts as a freelancer who passes by sees them (J-6)."""
        viewer = next(person for person in self.world.people.values() if person.purse and not person.is_client)
        expected = {self.deeds.post_ids[post]: post for post in self.world.found(viewer, {})}
        nodes = list(self._pages(viewer, OPEN_POSTS, "jobPosts"))
        agree("open posts", sorted(node["id"] for node in nodes), sorted(expected))
        times = [node["publishedAt"] for node in nodes]
        agree("open posts, newest first", times, sorted(times, reverse=True))
        for node in nodes:
            self._check_post(viewer, expected[node["id"]], node)
        self.tally.add("J-6", "open posts listed and compared", len(nodes))

    def everything(self):
        """Compares all posts, proposals, reports, wallets, histories and notifications."""
        self._posts()
        self._received()
        self._reports()
        for person in self.world.people.values():
            if not person.is_admin:
                self._notices(person)
            if person.purse:
                self._sent(person)
                self._wallet(person)

    def _posts(self):
        """Each client's posts, drafts too, and what everyone sees of that client (J-5)."""
        for client in (person for person in self.world.people.values() if person.is_client):
            mine = {self.deeds.post_ids[post]: post for post in self.world.posts if post.client is client}
            nodes = list(self._pages(client, OWN_POSTS, "viewer", "jobPosts"))
            agree(f"posts of {client.email}", sorted(node["id"] for node in nodes), sorted(mine))
            for node in nodes:
                self._check_post(client, mine[node["id"]], node)
            self._client(client, list(mine.values()))
            self.tally.add("", "posts compared at the end", len(nodes))

    def _client(self, client, posts):
        published = [post for post in posts if post.state != "DRAFT"]
        if not published:
            return
        states = Counter(post.state_at(self.world.now) for post in published)
        got = self.door.ask(client.email, CLIENT, id=self.deeds.post_ids[published[0]])["jobPost"]["client"]
        agree(f"what {client.email} has done", got, {
            "postCount": len(published), "openPostCount": states["OPEN"], "cancelledPostCount": states["CANCELLED"],
            "proposalCount": sum(len(post.proposals) for post in published)})

    def _received(self):
        """The proposals to each post, as its client sees them."""
        for post in self.world.posts:
            if not post.proposals:
                continue
            expected = {self.deeds.proposal_ids[one]: one for one in post.proposals}
            nodes = list(self._pages(post.client, RECEIVED, "jobPost", "proposals", id=self.deeds.post_ids[post]))
            agree(f"proposals to {post.content.title}", sorted(node["id"] for node in nodes), sorted(expected))
            for node in nodes:
                self._check_proposal(post.client, expected[node["id"]], node)

    def _sent(self, person):
        """The proposals of a freelancer, as they see them."""
        mine = {self.deeds.proposal_ids[one]: one for one in self.world.proposals.values() if one.person is person}
        nodes = list(self._pages(person, SENT, "viewer", "proposals"))
        agree(f"proposals of {person.email}", sorted(node["id"] for node in nodes), sorted(mine))
        for node in nodes:
            self._check_proposal(person, mine[node["id"]], node)
        self.tally.add("", "proposals compared at the end", len(nodes))

    def _reports(self):
        got = Counter((node["jobPost"]["id"], node["state"])
                      for node in self._pages(self.admin, REPORTS, "admin", "jobPostReports"))
        agree("reports by post and state", got, Counter(
            (self.deeds.post_ids[post], report.state) for post in self.world.posts for report in post.reports))
        for state in ("OPEN", "UPHELD", "DISMISSED"):
            self.tally.add("J-7", f"reports that end {state}", sum(n for (_, one), n in got.items() if one == state))

    def _wallet(self, person):
        purse = person.purse
        wallets = self.door.ask(person.email, WALLET)["viewer"]["wallets"]["nodes"]
        agree(f"wallets of {person.email}", wallets, [{
            "available": purse.available, "held": 0, "billingCycle": purse.cycle(),
            "nextGrant": {"on": str(purse.next_day()), "quantity": 10}}])
        rows = list(self._pages(person, HISTORY, "viewer", "wallets", "nodes", 0, "history"))
        agree(f"history rows of {person.email}", Counter(row["kind"] for row in rows), purse.rows)
        agree(f"sum of the history of {person.email}", sum(row["quantity"] for row in rows), purse.available)
        self.tally.add("H-7", "history rows counted", len(rows))
        self.tally.add("R-1", "welcome gifts", purse.rows["SIGNUP"])
        self.tally.add("M-4", "cycles issued", purse.rows["MONTHLY_FREE"])

    def _notices(self, person):
        nodes = list(self._pages(person, NOTICES, "viewer", "notifications"))
        agree(f"notices of {person.email}", Counter(node["kind"] for node in nodes), person.notices)
        unread = sum(node["readAt"] is None for node in nodes)
        told = self.door.ask(person.email, NOTICES, after=None)["viewer"]["unreadNotificationCount"]
        agree(f"unread notices of {person.email}", (unread, told), (person.unread, person.unread))
        for kind, count in person.notices.items():
            self.tally.add("N-1", f"notices {kind}", count)

    def _check_post(self, viewer, post, node):
        expected = post_expected(post, viewer, self.world)
        agree(f"{post.content.title} as {viewer.email} sees it", only(post_read(node), expected), expected)

    def _check_proposal(self, viewer, proposal, node):
        post_id = self.deeds.post_ids[proposal.post]
        expected = proposal_expected(proposal, viewer, self.world, post_id)
        agree(f"proposal of {proposal.person.email} to {proposal.post.content.title} as {viewer.email} sees it",
              only(proposal_read(node), expected), expected)

    def _pages(self, person, document, *path, **variables):
        """All nodes of the connection at `path`, page by page."""
        after = None
        while True:
            found = self.door.ask(person.email, document, after=after, **variables)
            for name in path:
                found = found[name]
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]
