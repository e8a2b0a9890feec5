"""Who and what there is in the model: people, job posts, proposals. Plain records; `world.py` has the rules."""

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
    "How many of each kind (N-1)."
    unread: int = 0

    def tell(self, kind):
        """A notice."""
        self.notices[kind] += 1
        self.unread += 1


@dataclass(eq=False)
class Report:
    """What somebody said against a post (J-7)."""

    person: Person
    state: str = "OPEN"


@dataclass(eq=False)
class Post:
    """A job post; `state` as the program would have written it down."""

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
    "Freelancers who were told that it ended."
    removal: dict | None = None

    def state_at(self, now):
        """X-7: where it stands, whether or not its task has run."""
        return "EXPIRED" if self.state == "OPEN" and self.expires_at <= now else self.state

    def price(self):
        """J-3: demand counts all proposals ever."""
        return price_of(self.content, len(self.proposals))

    def seen_by(self, person):
        """Who sees it: everyone, but for drafts, removed and private ones."""
        public = self.content.visibility == "PUBLIC" and self.state not in ("DRAFT", "REMOVED")
        return public or person.is_admin or person is self.client


@dataclass(eq=False)
class Proposal:
    """A proposal; `state` as the program would have written it down."""

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
