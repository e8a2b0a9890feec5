"""The kinds of things that must happen in a story of some length."""

SCALE = 4
EXPECTED = (
    "answers arucs", "answers pain002", "answers paypal", "answers taken in by two at once", "answers taken in twice",
    "batches confirmed", "files BACS GBP", "files BANK_TRANSFER EUR", "files BANK_TRANSFER GBP", "files BANK_TRANSFER USD",
    "files PAYPAL EUR", "files PAYPAL GBP", "files PAYPAL USD", "files refused as a block", "files refused as a group",
    "kills", "kills of imports", "kills of runs", "names that no bank can write",
    "payments in files, COMMISSIONS", "payments in files, WITHDRAWAL",
    "payouts WITHDRAWAL FAILED ACCOUNT_CLOSED", "payouts WITHDRAWAL FAILED INVALID_DETAILS",
    "payouts WITHDRAWAL FAILED REFUSED", "said to be paid after a failure", "payouts WITHDRAWAL PAID", "plans by admins",
    "withdrawals of what a bank gave back",
)


def missing(counts, scale):
    """Those that never happened although they should have; nothing must happen below the default scale."""
    return [kind for kind in EXPECTED if not counts.get(kind)] if scale >= SCALE else []
