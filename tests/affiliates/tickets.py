"""The model of tickets: what people ask support, and what they dispute (F-10). It shares no code with the server."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Ticket:
    """A question about a document, or a dispute."""

    person: object
    about: object
    "The commission or the payout."
    subject: str
    is_dispute: bool
    opened_at: object
    messages: list = field(default_factory=list)
    "Who wrote it, what, and when."
    state: str = "OPEN"
    changed_at: object = None
    closed_at: object = None
    id: str = None

    def __post_init__(self):
        self.write(self.person, self.subject, self.opened_at)

    def write(self, author, body, at):
        """Somebody writes to it."""
        self.messages.append((author, body, at))
        self.state, self.changed_at = "OPEN" if author is self.person else "ANSWERED", at

    def close(self, at):
        """Either side closes it."""
        self.state, self.changed_at, self.closed_at = "CLOSED", at, at

    def disputed(self, at):
        """Whether it disputed a commission at an instant."""
        return self.is_dispute and self.opened_at <= at and (self.closed_at is None or self.closed_at > at)


class Asking:
    """A part of `Year`."""

    def open_ticket(self, person, about, subject, dispute):
        """Somebody asks about something, or disputes it."""
        ticket = Ticket(person, about, subject, dispute, self.now)
        self.tickets.append(ticket)
        return ticket

    def tickets_on(self, about):
        """The tickets on a document."""
        return [one for one in self.tickets if one.about is about]

    def why_no_ticket(self, about, dispute, is_commission):
        """Why somebody cannot ask about a document of theirs, or dispute it."""
        if any(one.state != "CLOSED" for one in self.tickets_on(about)):
            return "TICKET_OPEN"
        if dispute and not is_commission:
            return "INVALID_INPUT"
        if dispute and about.state != "PENDING":
            return "ILLEGAL_STATE"
        return "COMMISSION_LOCKING" if dispute and about.next_lock_at < self.now else None

    def is_disputed(self, commission, at=None):
        """Whether a commission was disputed at an instant, or is now."""
        return any(one.disputed(at or self.now) for one in self.tickets_on(commission))
