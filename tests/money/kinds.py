"""The kinds of deeds that a story of some length must tell."""

SCALE = 20
SURE = 12
"What is to be expected so often happens with any seed."
PLOTTED = (
    "accounts closed", "accounts opened again", "charge-backs", "comparisons", "debts of clients, by charge-backs",
    "debts of freelancers, by charge-backs", "debts settled", "debts settled in part", "invoices paid from cash",
    "kills", "kills while an outcome is not known", "orders from cash", "paid from cash", "payments from cash",
    "payments known after a kill", "refunds known after a kill", "refunds of what was paid from cash",
    "refunds that come back to the provider", "refused: INSUFFICIENT_CASH to pay",
    "releases of what was paid from cash",
)
"These happen by plots, however long the story is."
USUAL = {
    "clients suspended": 28, "contracts ended": 38, "debts settled by what was paid from cash": 3,
    "decisions on what was paid from cash": 7, "direct offers": 123, "direct offers by the hour": 66, "disputes": 36,
    "disputes decided": 29, "disputes withdrawn": 11, "freelancers suspended": 25, "hires": 180, "invoices": 189,
    "invoices withdrawn": 8, "messages": 44, "offers": 40, "offers by the hour": 67, "offers declined": 34,
    "offers withdrawn": 34, "orders failed": 22, "orders paid": 50, "orders unknown": 13,
    "payments authentication_required": 28, "payments declined": 28, "payments insufficient_funds": 27,
    "payments paid": 179, "payments unknown": 39, "people reinstated": 52, "posts": 71, "posts cancelled": 17,
    "posts closed": 16, "projects": 27, "projects changed": 27, "projects withdrawn": 16, "proposals": 122,
    "refunds after a charge-back": 9, "refunds failed": 28, "refunds paid": 64, "refunds unknown": 16,
    "refused: ACCOUNT_CLOSED": 13, "refused: ACCOUNT_NOT_CLOSED": 12, "refused: ACCOUNT_SUSPENDED": 136,
    "refused: ALREADY_OFFERED": 8, "refused: CLIENT_RESTRICTED": 9, "refused: CONFLICT": 6,
    "refused: CONTRACTS_ACTIVE": 10, "refused: DISPUTE_DECIDED": 2.4, "refused: DISPUTE_TOO_LATE": 10,
    "refused: FREELANCER_RESTRICTED": 33, "refused: ILLEGAL_STATE": 230, "refused: INSUFFICIENT_CASH to give back": 3,
    "refused: INVALID_INPUT": 18, "refused: JOB_POST_HAS_CONTRACT": 3, "refused: JOB_POST_HAS_NO_CONTRACT": 17,
    "refused: MONEY_IN_ESCROW": 9, "refused: NOT_FOUND": 81, "refused: NOT_SUSPENDED": 27, "refused: ORDER_UNPAID": 12,
    "refused: PRICE_CHANGED": 12, "refused: ROOM_NOT_OPEN": 25, "releases": 166,
}
"How often these happened at the default scale, as a mean of twelve seeds."


def missing(counts, scale):
    """Those that never happened although they should have; nothing must happen below the default scale."""
    if scale < SCALE:
        return []
    expected = [*PLOTTED, *(kind for kind, usual in USUAL.items() if usual * scale / SCALE >= SURE)]
    return [kind for kind in expected if not counts.get(kind)]
