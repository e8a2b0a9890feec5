"""The records of the model: people, job posts, proposals. `world.py` has the rules."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from contents import Content, price_of
from purse import Purse


@dataclass(eq=False)
class Person:
    """Somebody with an account."""

    email: str
    is_client: bool = False
    is_admin: bool = False
    purse: Purse | None = None
    notices: Counter = field(default_factory=Counter)
    "Number of notifications of each kind (N-1)."
    unread: int = 0

    def tell(self, kind):
        """Notifies the person."""
        self.notices[kind] += 1
        self.unread += 1


@dataclass(eq=False)
class Report:
    """A report of a post (J-7)."""

    person: Person
    state: str = "OPEN"


@dataclass(eq=False)
class Post:
    """A job post; `state` is what the program would have stored."""

    number: int
    client: Person
    content: Content
    state: str = "DRAFT"
    version: int = 1
    published_at: datetime | None = None
    expires_at: datetime | None = None
    warn_at: datetime | None = None
    closed_at: datetime | None = None
    closing_reason: str | None = None
    proposals: list = field(default_factory=list)
    reports: list = field(default_factory=list)
    told_of_end: set = field(default_factory=set)
    "Freelancers who were notified that it ended."
    removal: dict | None = None

    def state_at(self, now):
        """X-7: its state now, whether or not its task has run."""
        return "EXPIRED" if self.state == "OPEN" and self.expires_at <= now else self.state

    def price(self):
        """J-3: demand counts all proposals ever sent."""
        return price_of(self.content, len(self.proposals))

    def seen_by(self, person):
        """Whether `person` sees it: everyone does, unless it is a draft, removed or private."""
        public = self.content.visibility == "PUBLIC" and self.state not in ("DRAFT", "REMOVED")
        return public or person.is_admin or person is self.client


@dataclass(eq=False)
class Proposal:
    """A proposal; `state` is what the program would have stored."""

    person: Person
    post: Post
    charged: int
    letter: str
    amount: int | None
    submitted_at: datetime
    state: str = "SUBMITTED"
    returned: int = 0
    viewed_at: datetime | None = None
    edited_at: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: str | None = None
    shortlisted: bool = False
    hidden: bool = False

    def state_at(self, now):
        """X-7: archived once its post has expired."""
        live = self.state == "SUBMITTED"
        return "ARCHIVED" if live and self.post.state_at(now) == "EXPIRED" else self.state
