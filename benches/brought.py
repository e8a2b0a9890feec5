"""Clients whom affiliates have brought, by direct SQL, as Connects would have them: each has hired a freelancer, paid
once and released the money, and the commission on the payment is due to lock.

Nothing has gone back, nobody was seen with what somebody else was seen with, and no affiliate is suspended, so each
commission locks as a whole. There is a freelancer for ten clients and an affiliate for a hundred.
"""

import random
from datetime import datetime, timedelta, timezone

from databases import WORDS
from dataset import MOVE_CLOCK, SEED, new_id, stamp
from program import Void

FIRST_CAME = datetime(2025, 12, 1, 6, tzinfo=timezone.utc)
"When the first client registered; the last one did less than twenty days later, and all paid in one month."

READING = timedelta(minutes=10)
"From the click to the registration."

LOCKS_AT = "2026-02-01T00:00:00+00:00"
"The end of the month after that."

RATE, CAP = 7_000, 15_000
"The share of a payment in hundredths of a percent, and the most of it in cents."

FEE = 1_000
"The service fee in hundredths of a percent."

PARTNER = {"n": "int", "account": "uuid", "link": "uuid", "cash": "uuid", "email": "text", "code": "text",
           "person": "text", "device": "text"}
"A freelancer or an affiliate; columns of the staging table. `person`, `device` and `card` are hashes."

IDS = ("account", "click", "visitor", "attribution", "offer", "contract", "milestone", "method", "payment", "escrow",
       "funding", "release", "commission")
CLIENT = {"i": "int", **dict.fromkeys((*IDS, "freelancer", "cash", "affiliate", "link"), "uuid"),
          **dict.fromkeys(("email", "person", "device", "card"), "text"), "cents": "int", "fee": "int",
          **dict.fromkeys(("clicked", "came", "hire_before", "paid", "released"), "instant")}


def fill(db, name, shape):
    """Fills the database called `name`, which `connects migrate` made, with a client for each wallet of `shape`."""
    market(db, name, shape.wallets, max(1, shape.wallets // 10), max(1, shape.wallets // 100))


def market(db, name, clients, freelancers, affiliates):
    """Fills the database called `name`; an affiliate has one link."""
    chance = random.Random(SEED)
    partners = [partner(chance, n) for n in range(freelancers + affiliates)]
    hired, bringing = partners[:freelancers], partners[freelancers:]
    rows = (client(chance, i, clients, hired[i % freelancers], bringing[i * 17 % affiliates]) for i in range(clients))
    tables = [("freelancers", PARTNER, hired), ("bringing", PARTNER, bringing), ("clients", CLIENT, rows),
              ("platform", {"fees": "uuid", "clearing": "uuid"}, [(new_id(chance, 0, 90), new_id(chance, 0, 91))])]
    script = [*PEOPLE, *PROGRAMME, *WORK, *CASH, *DUE, MOVE_CLOCK]
    db.load(name, tables, [_with_texts(db.kind, statement) for statement in script])


def codes(freelancers, affiliates):
    """The codes of the affiliates' links."""
    return [code(n) for n in range(freelancers, freelancers + affiliates)]


def code(n):
    """The code of partner `n`: no two are alike, and neighbours are far from each other."""
    return f"{n * 0x9E3779B97F4A7C15 % (1 << 64):016x}"


def partner(chance, n):
    """A row of the staging table."""
    return (n, new_id(chance, n, 1), new_id(chance, n, 2), new_id(chance, n, 3), f"p{n:08}@bench.example", code(n),
            _hash(chance), _hash(chance))


def client(chance, i, clients, freelancer, affiliate):
    """A row of the staging table."""
    came = FIRST_CAME + timedelta(seconds=i * 20 * 86_400 // clients)
    clicked, paid = came - READING, came + timedelta(hours=1)
    # Behind the ids of all partners.
    ids = (new_id(chance, clients + i, what) for what in range(len(IDS)))
    cents = payment(i)
    return (i, *ids, freelancer[1], freelancer[3], affiliate[1], affiliate[2], f"c{i:08}@bench.example", _hash(chance),
            _hash(chance), _hash(chance), cents, share(cents, FEE), stamp(clicked), stamp(came),
            stamp(clicked + timedelta(hours=720)), stamp(paid), stamp(paid + timedelta(days=20)))


def payment(i):
    """What client `i` has paid, in cents: from 1.00 to 400.00."""
    return 100 + i * 7_919 % 39_901


def share(cents, rate):
    """A share in hundredths of a percent, half a cent rounded up."""
    return (cents * rate + 5_000) // 10_000


def locks(db, name):
    """What has locked: count, sums, and when it locked and is due. The figure is void unless it is all that the
    payments have earned."""
    clients = int(db.rows(name, "SELECT COUNT(*) FROM commissions")[0][0])
    found = db.rows(name, "SELECT COUNT(*), SUM(amount_cents), SUM(released_cents), MIN(locked_at), MAX(locked_at), "
                          "MIN(due_at), MAX(due_at) FROM commission_locks")
    earned = sum(min(CAP, share(payment(i), RATE)) for i in range(clients))
    if tuple(map(int, found[0][:2])) != (clients, earned):
        raise Void(f"{found[0][:2]} have locked, not {clients} with {earned} cents")
    return found


def _hash(chance):
    return f"{chance.getrandbits(256):064x}"


def _with_texts(kind, statement):
    """`statement` with the ids that it needs as text."""
    for column in ("payment", "milestone", "contract", "freelancer"):
        statement = statement.replace(f"TEXT_OF_{column.upper()}", WORDS[kind]["textof"].format(f"c.{column}"))
    return statement


_FIRST = f"'{stamp(FIRST_CAME - timedelta(days=1))}'"
_ACCOUNT = "INSERT INTO accounts (id, email, name, country, is_client, is_admin, email_verified_at, created_at) "
_TRACE = "INSERT INTO traces (account_id, kind, hash, seen_at) "

PEOPLE = [
    f"UPDATE instance SET traced_at = {_FIRST}",
    *(f"{_ACCOUNT}SELECT account, email, 'Partner ' || n, 'GB', FALSE, FALSE, {_FIRST}, {_FIRST} FROM {table} "
      "ORDER BY n" for table in ("freelancers", "bringing")),
    f"{_ACCOUNT}SELECT account, email, 'Client ' || i, 'GB', TRUE, FALSE, came, came FROM clients ORDER BY i",
    *(f"{_TRACE}SELECT account, '{kind}', {kind.lower()}, {_FIRST} FROM {table}"
      for table in ("freelancers", "bringing") for kind in ("PERSON", "DEVICE")),
    *(f"{_TRACE}SELECT account, '{kind}', {column}, came FROM clients"
      for kind, column in (("PERSON", "person"), ("DEVICE", "device"), ("PAYMENT", "card"))),
]

PROGRAMME = [
    "INSERT INTO affiliates (account_id, state, website, promotion, terms_version, applied_at, decided_at) "
    f"SELECT account, 'APPROVED', 'https://bench.example', 'A site.', 1, {_FIRST}, {_FIRST} "
    "FROM bringing ORDER BY n",
    "INSERT INTO affiliate_links (id, code, affiliate_id, label, target, path, created_at) "
    f"SELECT link, code, account, 'Link', 'TALENT_MARKETPLACE', '/', {_FIRST} FROM bringing ORDER BY n",
    "INSERT INTO clicks (id, link_id, visitor_id, clicked_at, network) "
    "SELECT click, link, visitor, clicked, device FROM clients ORDER BY i",
    "INSERT INTO attributions (client_id, id, click_id, link_id, affiliate_id, clicked_at, registered_at, hire_before, "
    "country, state, closed_at) SELECT account, attribution, click, link, affiliate, clicked, came, hire_before, 'GB', "
    "'COMMISSIONED', paid FROM clients ORDER BY i",
]

WORK = [
    "INSERT INTO offers (id, client_id, freelancer_id, title, message, milestones, currency, state, sent_at, "
    "expires_at, ended_at, category) SELECT offer, account, freelancer, 'Work', '', '[]', 'USD', 'ACCEPTED', came, "
    "hire_before, paid, 'DESIGN' FROM clients ORDER BY i",
    "INSERT INTO contracts (id, offer_id, client_id, freelancer_id, title, category, currency, state, started_at) "
    "SELECT contract, offer, account, freelancer, 'Work', 'DESIGN', 'USD', 'ACTIVE', paid FROM clients ORDER BY i",
    "INSERT INTO milestones (id, contract_id, number, title, amount_cents, state, released_cents, fee_cents, "
    "reversed_cents, fee_reversed_cents, refunded_cents, charged_back_cents, funded_at, released_at) "
    "SELECT milestone, contract, 1, 'All', cents, 'RELEASED', cents, fee, 0, 0, 0, 0, paid, released "
    "FROM clients ORDER BY i",
    "INSERT INTO payment_methods (id, account_id, provider, token, label, is_primary, added_at) "
    "SELECT method, account, 'SANDBOX', 'tok_visa', 'Visa ending in 4242', TRUE, came FROM clients ORDER BY i",
    "INSERT INTO payments (id, account_id, method_id, provider, purpose, document_id, amount_cents, currency, state, "
    "reference, attempts, begun_at, ended_at) SELECT c.payment, c.account, c.method, 'SANDBOX', 'MILESTONE', "
    "c.milestone, c.cents, 'USD', 'PAID', 'sandbox_' || TEXT_OF_PAYMENT, 1, c.paid, c.paid FROM clients c ORDER BY c.i",
]

_ACCOUNT_OF_CASH = "INSERT INTO cash_accounts (id, kind, holder, currency, balance, last_seq, last_recorded_at, " \
    "created_at"
_TRANSACTION = "INSERT INTO cash_transactions (id, kind, business_key, currency, lines, document_kind, document_id, " \
    "actor_id, effective_at, recorded_at) "
_POSTING = "INSERT INTO cash_postings (cash_account_id, seq, transaction_id, line, lines, next_line, sum_before, " \
    "sum_after, currency, amount, balance_after) "
_BY_PLATFORM = "FROM clients c CROSS JOIN platform p"

# A funding from the provider into escrow, and a release from there to the freelancer and the fees.
CASH = [
    f"{_ACCOUNT_OF_CASH}, contract_id) SELECT c.escrow, 'ESCROW', TEXT_OF_CONTRACT, 'USD', 0, 2, c.released, c.paid, "
    "c.contract FROM clients c ORDER BY c.i",
    f"{_ACCOUNT_OF_CASH}, account_id) SELECT c.cash, 'PERSON', TEXT_OF_FREELANCER, 'USD', SUM(c.cents - c.fee), "
    "COUNT(*), MAX(c.released), MIN(c.released), c.freelancer FROM clients c GROUP BY c.cash, c.freelancer",
    f"{_ACCOUNT_OF_CASH}) SELECT p.fees, 'FEES', '', 'USD', SUM(c.fee), COUNT(*), MAX(c.released), MIN(c.released) "
    f"{_BY_PLATFORM} GROUP BY p.fees",
    f"{_ACCOUNT_OF_CASH}) SELECT p.clearing, 'CLEARING', 'SANDBOX', 'USD', -SUM(c.cents), COUNT(*), MAX(c.paid), "
    f"MIN(c.paid) {_BY_PLATFORM} GROUP BY p.clearing",
    f"{_TRANSACTION}SELECT c.funding, 'FUNDING', 'FUNDING/' || TEXT_OF_PAYMENT, 'USD', 2, 'PAYMENT', c.payment, "
    "c.account, c.paid, c.paid FROM clients c ORDER BY c.i",
    f"{_TRANSACTION}SELECT c.release, 'RELEASE', 'RELEASE/' || TEXT_OF_MILESTONE, 'USD', 3, 'MILESTONE', c.milestone, "
    "c.account, c.released, c.released FROM clients c ORDER BY c.i",
    f"{_POSTING}SELECT p.clearing, c.i + 1, c.funding, 1, 2, 2, 0, -c.cents, 'USD', -c.cents, "
    f"-SUM(c.cents) OVER (ORDER BY c.i) {_BY_PLATFORM}",
    f"{_POSTING}SELECT escrow, 1, funding, 2, 2, 1, -cents, 0, 'USD', cents, cents FROM clients ORDER BY i",
    f"{_POSTING}SELECT escrow, 2, release, 1, 3, 2, 0, -cents, 'USD', -cents, 0 FROM clients ORDER BY i",
    f"{_POSTING}SELECT c.cash, ROW_NUMBER() OVER w, c.release, 2, 3, 3, -c.cents, -c.fee, 'USD', c.cents - c.fee, "
    "SUM(c.cents - c.fee) OVER w FROM clients c WINDOW w AS (PARTITION BY c.cash ORDER BY c.i)",
    f"{_POSTING}SELECT p.fees, c.i + 1, c.release, 3, 3, 1, -c.fee, 0, 'USD', c.fee, SUM(c.fee) OVER (ORDER BY c.i) "
    f"{_BY_PLATFORM}",
]

DUE = [
    "INSERT INTO commissions (id, client_id, affiliate_id, link_id, contract_id, milestone_id, payment_id, "
    "freelancer_id, base_cents, rate_basis_points, cap_cents, policy_version, currency, state, locked_cents, "
    "next_lock_at, funded_at, created_at) SELECT commission, account, affiliate, link, contract, milestone, payment, "
    f"freelancer, cents, {RATE}, {CAP}, 1, 'USD', 'PENDING', 0, '{LOCKS_AT}', paid, paid FROM clients ORDER BY i",
]
