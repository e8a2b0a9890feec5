//! What always holds of purchases (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "B-3: what is paid was issued, in that number",
        breaches: "SELECT p.id AS subject, p.quantity AS detail FROM purchases p \
         LEFT JOIN entries e ON e.wallet_id = p.wallet_id AND e.seq = p.entry_seq AND e.kind = CASE p.item WHEN 'CONNECTS' THEN 'PURCHASE' ELSE p.item END \
         WHERE p.state IN ('PAID', 'CHARGED_BACK') AND (e.seq IS NULL OR e.available_change <> p.quantity)",
    },
    Check {
        invariant: "B-3: nothing is issued as bought that nobody has bought",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         LEFT JOIN purchases p ON p.wallet_id = e.wallet_id AND p.entry_seq = e.seq \
         WHERE e.kind = 'PURCHASE' AND p.id IS NULL",
    },
    Check {
        invariant: "B-3: a purchase has one payment of its total that stands as it does, unless it is free",
        breaches: "SELECT p.id AS subject, p.total_cents AS detail FROM purchases p \
         LEFT JOIN payments m ON m.purpose = p.item AND m.document_id = p.id \
         WHERE CASE WHEN p.total_cents = 0 THEN m.id IS NOT NULL OR p.state <> 'PAID' \
         WHEN m.id IS NULL OR m.amount_cents <> p.total_cents THEN TRUE ELSE CASE p.state WHEN 'PENDING' \
         THEN m.state NOT IN ('PENDING', 'UNKNOWN') WHEN 'FAILED' THEN m.state <> 'FAILED' ELSE m.state <> 'PAID' END END",
    },
    Check {
        invariant: "B-5: a promo code is kept, used or released as its purchase is, and gives the discount",
        breaches: "SELECT p.id AS subject, p.discount_cents AS detail FROM purchases p \
         LEFT JOIN promo_redemptions r ON r.id = p.promo_redemption_id \
         WHERE p.discount_cents <> COALESCE(r.discount_cents, 0) OR (r.id IS NOT NULL AND r.state <> CASE p.state \
         WHEN 'PENDING' THEN 'RESERVED' WHEN 'FAILED' THEN 'RELEASED' ELSE 'USED' END)",
    },
    Check {
        invariant: "P-3: a sale went from its provider, or from the buyer's cash, into sales and taxes",
        breaches: "SELECT p.id AS subject, q.amount AS detail FROM payments p \
         JOIN cash_transactions t ON t.document_id = p.id AND t.kind = 'SALE' \
         JOIN cash_postings q ON q.transaction_id = t.id JOIN cash_accounts a ON a.id = q.cash_account_id \
         WHERE CASE WHEN q.amount > 0 THEN a.kind IN ('SALES', 'TAXES') WHEN p.provider = 'CASH_ACCOUNT' \
         THEN COALESCE(a.kind = 'PERSON' AND a.account_id = p.account_id, FALSE) \
         ELSE COALESCE(a.kind = 'CLEARING' AND a.holder = p.provider, FALSE) END = FALSE",
    },
    Check {
        invariant: "B-4: a purchase is charged back while a bank has any of its payment",
        breaches: "SELECT p.id AS subject, m.charged_back_cents AS detail FROM purchases p \
         JOIN payments m ON m.purpose = p.item AND m.document_id = p.id \
         WHERE (p.state = 'CHARGED_BACK') <> (m.charged_back_cents > 0)",
    },
    Check {
        invariant: "B-4: nothing is left of a lot that was revoked",
        breaches: "SELECT wallet_id AS subject, seq AS detail FROM lots WHERE revoked_at IS NOT NULL AND remaining > 0",
    },
    Check {
        invariant: "B-3: sales and taxes are what was paid for purchases and not taken back",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a WHERE a.kind IN ('SALES', 'TAXES') \
         AND a.balance <> (SELECT COALESCE(SUM(CASE a.kind WHEN 'TAXES' THEN p.tax_cents ELSE p.net_cents END), 0) \
         FROM purchases p WHERE p.state IN ('PAID', 'CHARGED_BACK')) \
         - (SELECT COALESCE(SUM(CASE a.kind WHEN 'TAXES' THEN c.fee_cents ELSE c.reversed_cents - c.fee_cents END), 0) \
         FROM chargebacks c JOIN payments m ON m.id = c.payment_id AND m.purpose IN ('CONNECTS', 'MEMBERSHIP') WHERE c.won_at IS NULL)",
    },
];
