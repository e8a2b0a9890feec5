"""The kinds of deeds, and of what they come to, that a story of some length must tell."""

SCALE = 10
EXPECTED = (
    "affiliates: REINSTATE", "affiliates: SUSPEND", "attributions COMMISSIONED", "attributions NO_HIRE_IN_TIME",
    "attributions REFUSED CLICK_TOO_OLD", "attributions REFUSED FREELANCER", "attributions REFUSED KNOWN_PERSON",
    "attributions REFUSED NOT_A_CLIENT", "clicks that do not count", "commissions OUTSIDE_TERMS AFFILIATE_HIRED",
    "commissions OUTSIDE_TERMS FRAUD", "commissions OUTSIDE_TERMS NOT_A_NEW_CLIENT", "commissions PAID",
    "commissions REVERSED AFFILIATE_SUSPENDED", "commissions REVERSED CHARGED_BACK", "commissions REVERSED REFUNDED",
    "disputes", "edges", "flags BRAND_BIDDING CLEARED", "flags FAST_SIGN_UP UPHELD", "flags MANY_SIGN_UPS CLEARED",
    "flags RING CLEARED", "flags RING UPHELD", "flags SELF_REFERRAL CLEARED", "flags SELF_REFERRAL UPHELD", "kills",
    "kills of advances", "links retired", "payments tok_charged_back", "payments tok_declined",
    "payments tok_lost_after", "payments tok_lost_before", "payouts COMMISSIONS FAILED ACCOUNT_CLOSED",
    "payouts COMMISSIONS PAID", "payouts WITHDRAWAL FAILED CANCELLED", "payouts WITHDRAWAL PAID",
    "plans of COMMISSIONS that say BELOW_THRESHOLD", "plans of COMMISSIONS that say NOT_A_BUSINESS_DAY",
    "plans of COMMISSIONS that say PAID_LATER", "plans of COMMISSIONS that say UNDER_REVIEW",
    "plans of WITHDRAWAL by admins", "refunds, then REFUNDED", "refunds, then RELEASED", "refused: ACCOUNT_SUSPENDED",
    "refused: ILLEGAL_STATE", "refused: INSUFFICIENT_CASH", "refused: INVALID_INPUT", "refused: NEEDS_SECOND_ADMIN",
    "refused: NOT_AN_AFFILIATE", "refused: NO_PAYOUT_METHOD", "refused: TICKET_OPEN", "tickets closed by support",
    "tickets closed by their owners", "tickets that ask", "tickets that dispute",
)
"Each of them happened twenty times at the default scale, or happens by a plot."


def missing(counts, scale):
    """Those that never happened although they should have; nothing must happen below the default scale."""
    return [kind for kind in EXPECTED if not counts.get(kind)] if scale >= SCALE else []
