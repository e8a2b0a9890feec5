"""The kinds of deeds that a story of some length must tell."""

SCALE = 20
SURE = 12
"What is to be expected so often happens with any seed."
PLOTTED = (
    "accounts closed", "accounts opened again", "charge-backs", "comparisons", "debts of clients, by charge-backs",
    "debts of freelancers, by charge-backs", "debts settled", "debts settled in part", "kills",
    "kills while an outcome is not known", "payments known after a kill", "refunds known after a kill",
    "refunds that come back to the provider",
)
"These happen by plots, however long the story is."
USUAL = {
    "clients suspended": 26, "contracts ended": 32, "direct offers": 85, "direct offers by the hour": 59, "disputes": 36,
    "disputes decided": 21, "disputes withdrawn": 9, "freelancers suspended": 26, "hires": 147, "invoices": 190,
    "invoices withdrawn": 8, "messages": 47, "offers": 41, "offers by the hour": 72, "offers declined": 33,
    "offers withdrawn": 32, "orders failed": 22, "orders paid": 55, "orders unknown": 13,
    "payments authentication_required": 20, "payments declined": 23, "payments insufficient_funds": 22,
    "payments paid": 171, "payments unknown": 42, "people reinstated": 51, "posts": 72, "posts cancelled": 18,
    "posts closed": 18, "projects": 29, "projects changed": 27, "projects withdrawn": 17, "proposals": 123,
    "refunds after a charge-back": 11, "refunds failed": 17, "refunds paid": 57, "refunds unknown": 19,
    "refused: ACCOUNT_CLOSED": 21, "refused: ACCOUNT_NOT_CLOSED": 11, "refused: ACCOUNT_SUSPENDED": 135,
    "refused: ALREADY_OFFERED": 7, "refused: CLIENT_RESTRICTED": 9, "refused: CONFLICT": 6,
    "refused: CONTRACTS_ACTIVE": 10, "refused: DISPUTE_DECIDED": 1.3, "refused: DISPUTE_TOO_LATE": 10,
    "refused: FREELANCER_RESTRICTED": 32, "refused: ILLEGAL_STATE": 257, "refused: INSUFFICIENT_CASH": 5,
    "refused: JOB_POST_HAS_CONTRACT": 3, "refused: JOB_POST_HAS_NO_CONTRACT": 16, "refused: MONEY_IN_ESCROW": 7,
    "refused: NOT_FOUND": 91, "refused: NOT_SUSPENDED": 25, "refused: ORDER_UNPAID": 13, "refused: PRICE_CHANGED": 12,
    "refused: ROOM_NOT_OPEN": 23, "releases": 159,
}
"How often these happened at the default scale, as a mean of twelve seeds."


def missing(counts, scale):
    """Those that never happened although they should have; nothing must happen below the default scale."""
    if scale < SCALE:
        return []
    expected = [*PLOTTED, *(kind for kind, usual in USUAL.items() if usual * scale / SCALE >= SURE)]
    return [kind for kind in expected if not counts.get(kind)]
