"""Flags and tickets as people see them, compared with the model (F-8, F-10)."""

from agreement import agree
from clocks import instant
from suspecting import Evidence

PAGE = "pageInfo { hasNextPage endCursor }"
FLAGS = """query($after: String) { admin { found: affiliateFlags(first: 50, after: $after) { nodes { id kind state reason
  raisedAt decidedAt decidedBy { email } client { email } affiliate { account { email } } attribution { commission { state } }
  evidence { shared through { email } secondsSinceClick signUps adTerm } } %s } } }""" % PAGE
TICKETS = """query($after: String) { viewer { found: tickets(first: 20, after: $after) { nodes { subject state isDispute
  openedAt changedAt closedAt document { __typename } messages { nodes { body isMine writtenAt } } } %s } } }""" % PAGE
IDS = """query($after: String) { viewer { affiliate { found: commissions(first: 50, after: $after) { nodes { id
  link { id } base { amount } fundedAt attribution { registeredOn } } %s } } } }""" % PAGE


class Papers:
    """A part of `Seeing`."""

    def flags(self):
        """Compares all flags; each knows its id from then on."""
        nodes = list(self._pages(self.admins[0], FLAGS, root="admin"))
        known = {(one.client.email, one.kind, one.evidence): one for one in self.year.all_flags()}
        agree("flags", sorted(map(_read_flag, nodes), key=repr), sorted(map(_flag, known.values()), key=repr))
        for node in nodes:
            known[node["client"]["email"], node["kind"], _evidence(node["evidence"])].id = node["id"]

    def tickets(self, person):
        """Compares the tickets of somebody."""
        got = [(one["subject"], one["state"], one["isDispute"], instant(one["openedAt"]), instant(one["changedAt"]),
                one["closedAt"] and instant(one["closedAt"]), one["document"]["__typename"],
                [(each["body"], each["isMine"], instant(each["writtenAt"])) for each in one["messages"]["nodes"]])
               for one in self._pages(person, TICKETS)]
        expected = [_ticket(one) for one in self.year.tickets if one.person is person]
        agree(f"tickets of {person.name}", sorted(got, key=repr), sorted(expected, key=repr))

    def ids_of(self, affiliate):
        """The commissions of an affiliate that look like no other: the id of each."""
        found = {}
        for one in self._pages(affiliate.person, IDS, "affiliate"):
            key = (one["link"]["id"], one["base"]["amount"], instant(one["fundedAt"]), one["attribution"]["registeredOn"])
            found.setdefault(key, []).append(one["id"])
        mine = {one: found[one.looks] for one in self.year.commissions if one.affiliate is affiliate}
        return {one: ids[0] for one, ids in mine.items() if len(ids) == 1}


def _evidence(seen):
    return Evidence(tuple(sorted(seen["shared"])), tuple(sorted(one["email"] for one in seen["through"])),
                    seen["secondsSinceClick"], seen["signUps"], seen["adTerm"])


def _read_flag(one):
    commission = one["attribution"]["commission"]
    return (one["client"]["email"], one["affiliate"]["account"]["email"], one["kind"], one["state"], one["reason"],
            instant(one["raisedAt"]), one["decidedAt"] and instant(one["decidedAt"]),
            one["decidedBy"] and one["decidedBy"]["email"], commission and commission["state"], _evidence(one["evidence"]))


def _flag(one):
    commission = next((each.commission for each in one.affiliate.brought if each.client is one.client), None)
    return (one.client.email, one.affiliate.person.email, one.kind, one.state, one.decided_at and "So be it.", one.raised_at,
            one.decided_at, one.decided_by and one.decided_by.email, commission and commission.state, one.evidence)


def _ticket(one):
    return (one.subject, one.state, one.is_dispute, one.opened_at, one.changed_at, one.closed_at,
            "Commission" if hasattr(one.about, "attribution") else "Payout",
            [(body, author is one.person, at) for author, body, at in one.messages])
