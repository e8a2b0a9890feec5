"""The model: what each person, post, offer, contract and cent must be. It shares no code with the server."""

from dataclasses import dataclass, field
from datetime import timedelta

OFFER_LIFE = timedelta(days=7)
POST_LIFE = timedelta(days=30)
ASK_AGAIN = timedelta(minutes=2)
FEE_PERCENT = 10
FAILURES = {
    "tok_declined": "DECLINED",
    "tok_insufficient_funds": "INSUFFICIENT_FUNDS",
    "tok_authentication_required": "AUTHENTICATION_REQUIRED",
}
LOST = ("tok_lost_before", "tok_lost_after")


def fee_of(cents):
    """A tenth, half a cent rounded up."""
    return (cents * FEE_PERCENT + 50) // 100


def money(cents):
    """An amount as the API writes it."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def next_tick(at):
    """The first minute divisible by five at or after `at`."""
    past = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + timedelta(minutes=5)


@dataclass
class Freelancer:
    """A freelancer, and the history of their cash: kind, amount, balance after, when."""

    name: str
    token: str
    cash: int = 0
    history: list = field(default_factory=list)


@dataclass
class Client:
    """A client, and what they pay with: token and id of each."""

    name: str
    token: str
    cards: list = field(default_factory=list)


@dataclass
class Post:
    """A job post that costs no Connects."""

    client: Client
    title: str
    deadline: object
    id: str = None
    state: str = "OPEN"


@dataclass
class Proposal:
    """A proposal of a freelancer to a post."""

    post: Post
    freelancer: Freelancer
    id: str = None
    state: str = "SUBMITTED"


@dataclass
class Offer:
    """An offer to a proposal, with the cents of its milestones."""

    proposal: Proposal
    cents: list
    expires_at: object
    id: str = None
    state: str = "NEW"


@dataclass
class Milestone:
    """A part of a contract."""

    contract: object
    number: int
    cents: int
    id: str = None
    state: str = "PENDING"
    funded_at: object = None


@dataclass
class Contract:
    """What an accepted offer became."""

    offer: Offer
    id: str = None
    milestones: list = field(default_factory=list)


class Books:
    """Everything there is."""

    def __init__(self, now):
        self.now = now
        self.clients, self.freelancers = [], []
        self.posts, self.proposals, self.offers, self.contracts = [], [], [], []
        self.fees = self.collected = 0
        self.asked = []
        "Milestones whose payment is not known, and when it will be."

    def move_clock(self, to):
        """Lets time pass: posts and offers end, and payments become known."""
        self.now = to
        for milestone, at in self.asked:
            self.fund(milestone, at)
        self.asked = []
        for offer in self.offers:
            if offer.state == "NEW" and offer.expires_at <= to:
                offer.state, offer.proposal.state = "EXPIRED", "SUBMITTED"
        for post in self.posts:
            if post.state == "OPEN" and post.deadline <= to:
                post.state = "EXPIRED"
                self._archive(post)

    def offer(self, proposal, cents):
        """A client offers a contract; the post lives on."""
        offer = Offer(proposal, cents, self.now + OFFER_LIFE)
        proposal.state, proposal.post.deadline = "OFFERED", self.now + POST_LIFE
        self.offers.append(offer)
        return offer

    def accept(self, offer):
        """The freelancer accepts: there is a contract, and the post is filled."""
        offer.state, offer.proposal.state = "ACCEPTED", "HIRED"
        contract = Contract(offer)
        contract.milestones = [Milestone(contract, n, cents) for n, cents in enumerate(offer.cents, 1)]
        self.contracts.append(contract)
        post = offer.proposal.post
        post.state = "FILLED"
        for other in self.offers:
            if other.proposal.post is post and other.state == "NEW":
                other.state = "WITHDRAWN"
        self._archive(post)
        return contract

    def end_offer(self, offer, state):
        """An offer is declined or withdrawn; the proposal is back where it was."""
        offer.state, offer.proposal.state = state, "SUBMITTED"

    def pay(self, milestone, card):
        """A client pays for a milestone by a card; the state of the payment, and why it failed."""
        if card in FAILURES:
            return "FAILED", FAILURES[card]
        if card in LOST:
            milestone.state = "FUNDING"
            self.asked.append((milestone, next_tick(self.now + ASK_AGAIN)))
            return "UNKNOWN", None
        self.fund(milestone, self.now)
        return "PAID", None

    def fund(self, milestone, at):
        """The money is in escrow."""
        milestone.state, milestone.funded_at = "FUNDED", at
        self.collected += milestone.cents

    def release(self, milestone):
        """The money goes to the freelancer, less the fee."""
        milestone.state = "RELEASED"
        freelancer, fee = milestone.contract.offer.proposal.freelancer, fee_of(milestone.cents)
        self.fees += fee
        freelancer.cash += milestone.cents - fee
        freelancer.history.append(("RELEASE", money(milestone.cents - fee), money(freelancer.cash), self.now))

    def pending(self, freelancer):
        """What is in escrow for a freelancer."""
        theirs = (one for contract in self.contracts for one in contract.milestones
                  if contract.offer.proposal.freelancer is freelancer and one.state == "FUNDED")
        return sum(one.cents for one in theirs)

    def escrow(self):
        """What is in escrow in all."""
        return sum(self.pending(freelancer) for freelancer in self.freelancers)

    def _archive(self, post):
        for proposal in self.proposals:
            if proposal.post is post and proposal.state in ("SUBMITTED", "OFFERED"):
                proposal.state = "ARCHIVED"
