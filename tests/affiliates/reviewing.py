"""What admins decide on flags, and what affiliates and support write to each other, over GraphQL (F-8, F-10)."""

from agreement import agree
from clocks import instant

ERRORS = "userErrors { code }"
JUDGE = """mutation($f: ID!, $d: FlagDecision!, $k: String!) { done: decideAffiliateFlag(input: { affiliateFlagId: $f,
  decision: $d, reason: "So be it.", idempotencyKey: $k }) { affiliateFlag { state } %s } }""" % ERRORS
OPEN = """mutation($o: ID!, $s: String!, $d: Boolean!, $k: String!) { done: openTicket(input: { documentId: $o, subject: $s,
  body: $s, dispute: $d, idempotencyKey: $k }) { ticket { id state isDispute document { __typename } } %s } }""" % ERRORS
WRITE = """mutation($t: ID!, $b: String!, $k: String!) { done: writeToTicket(input: { ticketId: $t, body: $b,
  idempotencyKey: $k }) { ticket { state } %s } }""" % ERRORS
CLOSE = """mutation($t: ID!, $k: String!) { done: closeTicket(input: { ticketId: $t, idempotencyKey: $k }) {
  ticket { state closedAt } %s } }""" % ERRORS


class Reviewing:
    """A part of `Doing`."""

    def judge(self, flag, decision, admin):
        """An admin decides on a flag, or finds that it was decided on."""
        if flag.state != "OPEN":
            return self.refuse(admin, JUDGE, "ILLEGAL_STATE", f=flag.id, d=decision)
        done = self.send(admin, JUDGE, f=flag.id, d=decision)
        self.year.judge(flag, decision, admin)
        self.fine("a decision on a flag", done, affiliateFlag={"state": flag.state})
        return self.did(f"flags {flag.kind} {flag.state}")

    def ask_support(self, person, about, document, dispute=False):
        """Somebody asks about a document of theirs, or disputes it, or cannot; the ticket."""
        is_commission = hasattr(about, "attribution")
        why = self.year.why_no_ticket(about, dispute, is_commission)
        asked = {"o": document, "s": f"Question {len(self.year.tickets)}", "d": dispute}
        if why:
            return self.refuse(person, OPEN, why, **asked)
        done = self.send(person, OPEN, **asked)
        ticket = self.year.open_ticket(person, about, asked["s"], dispute)
        made = self.fine("a ticket", done)["ticket"]
        ticket.id = made["id"]
        agree("a ticket", made, {"id": ticket.id, "state": "OPEN", "isDispute": dispute,
                                 "document": {"__typename": "Commission" if is_commission else "Payout"}})
        self.did("tickets that dispute" if dispute else "tickets that ask")
        return ticket

    def write(self, ticket, author, body):
        """Either side writes to a ticket, or cannot."""
        if ticket.state == "CLOSED":
            return self.refuse(author, WRITE, "ILLEGAL_STATE", t=ticket.id, b=body)
        done = self.send(author, WRITE, t=ticket.id, b=body)
        ticket.write(author, body, self.year.now)
        self.fine("a message", done, ticket={"state": ticket.state})
        return self.did(f"tickets written to, then {ticket.state}")

    def close(self, ticket, by):
        """Either side closes a ticket."""
        done = self.send(by, CLOSE, t=ticket.id)
        ticket.close(self.year.now)
        self.fine("a ticket that is closed", done)
        agree("a ticket that is closed", (done["ticket"]["state"], instant(done["ticket"]["closedAt"])),
              ("CLOSED", ticket.closed_at))
        self.did("tickets closed by their owners" if by is ticket.person else "tickets closed by support")
