"""The model of flags: which registrations may be fraud, since when, and why (F-8). It shares no code with the server."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from things import WINDOW

TOO_FAST = timedelta(seconds=5)
SIGN_UPS = 5
"So many people may come by one affiliate from one network within the window."
COMMON_ABOVE = 20
"What more people than that were seen with connects nobody."
BRAND = "connects"
OF_ADS = {"gclid", "gbraid", "wbraid", "msclkid", "yclid", "dclid"}
PAID_MEDIA = {"cpc", "ppc", "paid", "paidsearch", "paid_search"}
TERMS = {"utm_term", "keyword", "kw"}


@dataclass(frozen=True)
class Evidence:
    """What says that a registration may be fraud; who connects people, by their addresses."""

    shared: tuple = ()
    through: tuple = ()
    seconds: int = None
    sign_ups: int = None
    term: str = None


@dataclass(eq=False)
class Flag:
    """A registration that may be fraud."""

    client: object
    affiliate: object
    kind: str
    evidence: Evidence
    raised_at: object
    state: str = "OPEN"
    decided_at: object = None
    decided_by: object = None
    id: str = None

    def was_open(self, at):
        """Whether it waited for an admin at an instant."""
        return self.raised_at <= at and (self.decided_at is None or self.decided_at > at)

    @property
    def order(self):
        """The same order on every database."""
        return self.raised_at, self.client.email, self.kind, repr(self.evidence)


def term_of(query):
    """By which words an ad of a search was found that leads with this query; nothing if it is none, or does not say."""
    pairs = parse_qsl(query)
    if any(name in OF_ADS or name == "utm_medium" and value.lower() in PAID_MEDIA for name, value in pairs):
        return next((value.lower() for name, value in pairs if name in TERMS), None)
    return None


class Bonds:
    """Everybody who was seen with the same things, as far as that is known now; and who was brought by whom."""

    def __init__(self, year):
        self.holders = defaultdict(list)
        for person in year.people:
            for key in person.traces:
                self.holders[key].append(person)
        self.brought = {one.client: one.affiliate for one in year.attributions if one.state != "REFUSED"}

    def of(self, person, by):
        """Who else was seen by an instant with what `person` was seen with by then: kind and person."""
        for key, at in person.traces.items():
            if at <= by and len(self.holders[key]) <= COMMON_ABOVE:
                yield from ((key[0], other) for other in self.holders[key]
                            if other is not person and other.traces[key] <= by)

    def between(self, one, other, by):
        """Through whom two people are connected, and by what: pairs of kinds with a person."""
        for kind, middle in self.of(one, by):
            yield from ((kind, next_kind, middle) for next_kind, same in self.of(other, by) if same is middle)

    def suspicions(self, client, affiliate, freelancer, by):
        """What is suspicious about these people: kinds of flags with their evidence."""
        alike, shared, through = set(), set(), set()
        for kind, other in self.of(client, by):
            if other is affiliate.person:
                alike.add(kind)
            elif self.brought.get(other) is affiliate:
                shared.add(kind)
                through.add(other.email)
        if freelancer is affiliate.person:
            freelancer = None
        for person in filter(None, (client, freelancer)):
            for kind, next_kind, middle in self.between(person, affiliate.person, by):
                if middle not in (client, freelancer):
                    shared |= {kind, next_kind}
                    through.add(middle.email)
        found = [("SELF_REFERRAL", alike, ()), ("RING", shared, through)]
        return [(kind, Evidence(tuple(sorted(what)), tuple(sorted(who)))) for kind, what, who in found if what]


class Suspecting:
    """A part of `Year`."""

    def arrive(self, one):
        """A registration that counts is flagged by how the person came, and by what they were seen with (F-8)."""
        since_click = one.registered_at - one.click.at
        if timedelta(0) < since_click < TOO_FAST:
            self._flag(one.client, one.affiliate, "FAST_SIGN_UP", Evidence(seconds=since_click // timedelta(seconds=1)))
        if one.click.term and BRAND in one.click.term:
            self._flag(one.client, one.affiliate, "BRAND_BIDDING", Evidence(term=one.click.term))
        same = [each for each in self.attributions if each.affiliate is one.affiliate and each.state != "REFUSED"
                and each.click.network == one.click.network and each.registered_at >= self.now - WINDOW]
        if len(same) > SIGN_UPS:
            for each in same:
                self._flag(each.client, one.affiliate, "MANY_SIGN_UPS", Evidence(sign_ups=SIGN_UPS + 1))
        self.suspect([(one.client, one.affiliate, None, self.now)])

    def suspect(self, cases):
        """What is suspicious about client, affiliate and freelancer by an instant is flagged, since then."""
        bonds = Bonds(self)
        for client, affiliate, freelancer, by in cases:
            for kind, evidence in bonds.suspicions(client, affiliate, freelancer, by):
                self._flag(client, affiliate, kind, evidence, by)

    def _flag(self, client, affiliate, kind, evidence, at=None):
        """The same evidence is judged once."""
        if not self._is_known(client, kind, evidence):
            self.flags.setdefault(client, []).append(Flag(client, affiliate, kind, evidence, at or self.now))

    def _is_known(self, client, kind, evidence):
        return any((one.kind, one.evidence) == (kind, evidence) for one in self.flags_of(client))

    def flags_of(self, client):
        """All flags of a client."""
        return self.flags.get(client, ())

    def all_flags(self):
        """All flags there are, the oldest first."""
        return sorted((flag for flags in self.flags.values() for flag in flags), key=lambda one: one.order)

    def is_under_review(self, client):
        """Whether an admin has yet to decide on a registration."""
        return any(one.state == "OPEN" for one in self.flags_of(client))

    def suspected(self, commissions):
        """Those of these commissions of which nothing is paid now: flagged, or to be flagged (F-8)."""
        bonds = Bonds(self)
        return [one for one in commissions if self.is_under_review(one.attribution.client) or any(
            not self._is_known(one.attribution.client, kind, evidence)
            for kind, evidence in bonds.suspicions(*one.case(self.now)))]

    def judge(self, flag, decision, admin):
        """An admin decides on a flag, for good."""
        flag.state = {"CLEAR": "CLEARED", "UPHOLD": "UPHELD"}[decision]
        flag.decided_at, flag.decided_by = self.now, admin

    def upheld_at(self, client):
        """Since when a registration is known to be fraud."""
        return min((one.decided_at for one in self.flags_of(client) if one.state == "UPHELD"), default=None)
