"""Compares every wallet's whole history, lots and dates with the model's."""

from datetime import timedelta

from agreement import agree
from clocks import instant
from graphql import pages
from model import EXPIRY_MINUTE, first_task_run, midnight
from submits import moved_of

WALLET = """
query Wallet($email: String!) {
  admin { account(email: $email) { wallet {
    available held plan
    billingCycle { startsOn endsOn }
    nextGrant { on quantity free paid plan }
    lots(first: 100) { nodes { source quantity remaining issuedAt expiresAt } pageInfo { hasNextPage } }
  } } }
}
"""
HISTORY = """
query History($email: String!, $after: String) {
  admin { account(email: $email) { wallet { history(first: 50, after: $after) {
    nodes {
      seq kind quantity availableAfter heldAfter effectiveAt recordedAt document { kind reference }
      movements(first: 10) {
        nodes { quantity lot { source quantity remaining issuedAt expiresAt } }
        pageInfo { hasNextPage }
      }
    }
    pageInfo { hasNextPage endCursor }
  } } } }
}
"""
HISTORY_PATH = ("admin", "account", "wallet", "history")
ISSUES = ("SIGNUP", "MONTHLY_FREE", "MEMBERSHIP")
GRANT_MINUTE = 5


def check_wallet(client, admin, email, wallet, proposals, now):
    """Reads all of one wallet and compares it; returns how many rows its history has.

    `proposals` maps (e-mail address, post) to the server's name of that proposal.
    """
    found = client.ask(admin, WALLET, email=email)["admin"]["account"]["wallet"]
    _check_state(email, found, wallet, now)
    rows = list(pages(client, admin, HISTORY, HISTORY_PATH, email=email))
    rows.reverse()
    _check_running_balance(email, rows)
    _check_rows(email, rows, wallet, proposals)
    _check_lots(email, rows, wallet, now)
    for row in rows:
        _check_recording(email, row)
    return len(rows)


def _check_state(email, found, wallet, now):
    """Compares balance, plan, cycle, next grant and live lots, as they are now (H-1, M-2, M-5, L-8)."""
    next_day = wallet.next_cycle_day()
    next_plan = wallet.plan_at(midnight(next_day))
    paid = 60 if next_plan == "PLUS" else 0
    agree(f"{email}: wallet", {key: found[key] for key in found if key != "lots"}, {
        "available": wallet.available(now),
        "held": 0,
        "plan": wallet.plan_at(now),
        "billingCycle": {"startsOn": str(wallet.cycle_day), "endsOn": str(next_day - timedelta(days=1))},
        "nextGrant": {"on": str(next_day), "quantity": 10 + paid, "free": 10, "paid": paid, "plan": next_plan},
    })
    agree(f"{email}: more live lots than a page", found["lots"]["pageInfo"]["hasNextPage"], False)
    agree(f"{email}: live lots", [_lot(lot) for lot in found["lots"]["nodes"]],
          [(lot.source, lot.quantity, lot.remaining, lot.issued_at, lot.expires_at)
           for lot in wallet.usable_lots(now)])


def _lot(node):
    return (node["source"], node["quantity"], node["remaining"], instant(node["issuedAt"]), instant(node["expiresAt"]))


def _check_running_balance(email, rows):
    """H-5: rows are numbered without a gap, and each gives the sum so far."""
    balance = 0
    for number, row in enumerate(rows, 1):
        balance += row["quantity"]
        agree(f"{email}: row {number}", (row["seq"], row["availableAfter"], row["heldAfter"]), (number, balance, 0))


def _check_rows(email, rows, wallet, proposals):
    """Kind by kind, exactly the rows of the model, in its order: each once and with the right date."""
    kinds = {row["kind"] for row in rows} | {row.kind for row in wallet.rows}
    for kind in sorted(kinds):
        got = [_row(row) for row in rows if row["kind"] == kind]
        expected = [_expected(email, row, proposals) for row in wallet.rows if row.kind == kind]
        if kind != "PROPOSAL":
            # Lots that expire at the same instant may be booked in any order.
            got.sort()
            expected.sort()
        for number, (one, other) in enumerate(zip(got, expected), 1):
            agree(f"{email}: {kind} row {number}", one, other)
        agree(f"{email}: number of {kind} rows, the last ones being {got[-2:]}", len(got), len(expected))


def _row(row):
    document = row["document"]
    reference = None if document["kind"] == "REGISTRATION" else document["reference"]
    return (instant(row["effectiveAt"]), row["quantity"], document["kind"], reference or "", moved_of(row))


def _expected(email, row, proposals):
    kind, reference = row.document
    if kind == "PROPOSAL":
        reference = proposals[email, reference]
    return (row.effective_at, row.quantity, kind, reference or "", row.moved)


def _check_lots(email, rows, wallet, now):
    """Each lot as its issuing row shows it: its life, and what is left of it; nothing once it has expired (L-2)."""
    got = [_lot(row["movements"]["nodes"][0]["lot"]) for row in rows if row["kind"] in ISSUES]
    agree(f"{email}: all lots", got,
          [(lot.source, lot.quantity, lot.remaining if now < lot.expires_at else 0, lot.issued_at, lot.expires_at)
           for lot in wallet.lots])


def _check_recording(email, row):
    """X-4: written when its task first ran after the fact; what people do is written at once."""
    effective, recorded = instant(row["effectiveAt"]), instant(row["recordedAt"])
    latest = effective
    if row["kind"] == "EXPIRED":
        latest = first_task_run(effective, EXPIRY_MINUTE)
    elif row["document"]["kind"] == "CYCLE" and effective == midnight(effective.date()):
        latest = first_task_run(effective, GRANT_MINUTE)
    agree(f"{email}: {row['kind']} row {row['seq']}, effective {effective} and recorded {recorded}, "
          f"was recorded within [effective, {latest}]", effective <= recorded <= latest, True)
