//! What always holds between contracts and the cash journal (H-4, X-6): each transaction has its document, its actor and
//! its accounts.

use crate::db::Check;

/// The invariants of the journal that this slice writes.
pub const JOURNAL_CHECKS: &[Check] = &[
    Check {
        invariant: "X-6: a transaction's document exists, and is of the kind that causes it",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         LEFT JOIN payments p ON p.id = t.document_id AND p.state = 'PAID' \
         LEFT JOIN milestones m ON m.id = t.document_id AND m.released_at IS NOT NULL \
         LEFT JOIN refunds r ON r.id = t.document_id LEFT JOIN chargebacks b ON b.id = t.document_id \
         WHERE t.kind NOT IN ('RECEIVABLE_SETTLED', 'PAYOUT', 'PAYOUT_PAID', 'PAYOUT_RETURNED', 'REFERRAL_REWARD') \
         AND t.document_kind || ' ' || t.kind \
         NOT IN (CASE WHEN p.id IS NULL THEN '' WHEN p.purpose <> 'MILESTONE' THEN 'PAYMENT SALE' ELSE 'PAYMENT FUNDING' END, \
         CASE WHEN m.id IS NULL THEN '' ELSE 'MILESTONE RELEASE' END, \
         CASE WHEN r.id IS NULL THEN '' ELSE 'REFUND REFUND' END, \
         CASE WHEN r.ended_at IS NULL THEN '' ELSE 'REFUND REFUND_PAID' END, \
         CASE WHEN r.state <> 'FAILED' OR r.id IS NULL THEN '' ELSE 'REFUND REFUND_TO_CASH' END, \
         CASE WHEN b.id IS NULL THEN '' ELSE 'CHARGEBACK CHARGEBACK' END, \
         CASE WHEN b.id IS NULL THEN '' ELSE 'CHARGEBACK SALE_CHARGED_BACK' END, \
         CASE WHEN b.won_at IS NULL THEN '' ELSE 'CHARGEBACK SALE_RESTORED' END, \
         CASE WHEN b.id IS NULL THEN '' ELSE 'CHARGEBACK CHARGEBACK_OF_REFUNDED' END, \
         CASE WHEN b.won_at IS NULL THEN '' ELSE 'CHARGEBACK CHARGEBACK_WON' END, \
         CASE WHEN b.won_at IS NULL THEN '' ELSE 'CHARGEBACK CHARGEBACK_OF_REFUNDED_WON' END)",
    },
    Check {
        invariant: "X-6: only the payer funds or buys, and only the client or an admin who decides releases",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         LEFT JOIN payments p ON p.id = t.document_id LEFT JOIN milestones m ON m.id = t.document_id \
         LEFT JOIN contracts c ON c.id = m.contract_id LEFT JOIN disputes d ON d.milestone_id = m.id \
         AND d.decided_by = t.actor_id WHERE (t.kind IN ('FUNDING', 'SALE') AND COALESCE(p.account_id = t.actor_id, FALSE) = FALSE) \
         OR (t.kind = 'RELEASE' AND d.id IS NULL AND COALESCE(c.client_id = t.actor_id, FALSE) = FALSE)",
    },
    Check {
        invariant: "X-6: only the freelancer or an admin who decides refunds, and nobody acts for a provider",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         LEFT JOIN refunds r ON r.id = t.document_id LEFT JOIN payments p ON p.id = r.payment_id \
         LEFT JOIN milestones m ON m.id = p.document_id LEFT JOIN contracts c ON c.id = m.contract_id \
         LEFT JOIN disputes d ON d.milestone_id = m.id AND d.decided_by = t.actor_id \
         WHERE (t.kind = 'REFUND' AND d.id IS NULL AND COALESCE(c.freelancer_id = t.actor_id, FALSE) = FALSE) \
         OR (t.kind NOT IN ('FUNDING', 'SALE', 'RELEASE', 'REFUND', 'RECEIVABLE_SETTLED', 'PAYOUT') AND t.actor_id IS NOT NULL)",
    },
    Check {
        invariant: "P-3: a payment went from its provider, or from the payer's cash, into its contract's escrow",
        breaches: "SELECT p.id AS subject, q.amount AS detail FROM payments p \
         JOIN cash_transactions t ON t.document_id = p.id AND t.kind = 'FUNDING' \
         JOIN cash_postings q ON q.transaction_id = t.id JOIN cash_accounts a ON a.id = q.cash_account_id \
         JOIN milestones m ON m.id = p.document_id WHERE CASE WHEN q.amount > 0 \
         THEN COALESCE(a.contract_id = m.contract_id, FALSE) WHEN p.provider = 'CASH_ACCOUNT' \
         THEN COALESCE(a.kind = 'PERSON' AND a.account_id = p.account_id, FALSE) \
         ELSE COALESCE(a.kind = 'CLEARING' AND a.holder = p.provider, FALSE) END = FALSE",
    },
    Check {
        invariant: "O-2: money moves between a contract's own escrow, its freelancer and its client",
        breaches: "SELECT t.id AS subject, q.amount AS detail FROM cash_transactions t \
         LEFT JOIN refunds r ON r.id = t.document_id LEFT JOIN chargebacks b ON b.id = t.document_id \
         LEFT JOIN payments p ON p.id = COALESCE(r.payment_id, b.payment_id) \
         JOIN milestones m ON m.id = COALESCE(p.document_id, t.document_id) \
         JOIN contracts c ON c.id = m.contract_id JOIN cash_postings q ON q.transaction_id = t.id \
         JOIN cash_accounts a ON a.id = q.cash_account_id WHERE t.kind IN ('RELEASE', 'REFUND', 'CHARGEBACK', \
         'CHARGEBACK_WON', 'CHARGEBACK_OF_REFUNDED', 'CHARGEBACK_OF_REFUNDED_WON') \
         AND ((a.kind = 'ESCROW' AND a.contract_id <> c.id) OR (a.kind IN ('PERSON', 'RECEIVABLE') AND a.account_id <> \
         CASE WHEN t.kind LIKE 'CHARGEBACK_OF%' THEN c.client_id ELSE c.freelancer_id END))",
    },
    Check {
        invariant: "P-3: what is paid from a cash account is paid at once, and goes back there",
        breaches: "SELECT p.id AS subject, p.amount_cents AS detail FROM payments p \
         LEFT JOIN refunds r ON r.payment_id = p.id WHERE (p.provider = 'CASH_ACCOUNT' \
         AND (p.state <> 'PAID' OR p.charged_back_cents > 0 OR COALESCE(r.state, 'PAID') <> 'PAID')) \
         OR COALESCE(r.provider, p.provider) <> p.provider",
    },
    Check {
        invariant: "O-2: a refund arrived where the payment came from, or in the payer's cash",
        breaches: "SELECT r.id AS subject, q.amount AS detail FROM refunds r JOIN payments p ON p.id = r.payment_id \
         JOIN cash_transactions t ON t.document_id = r.id AND t.kind IN ('REFUND_PAID', 'REFUND_TO_CASH') \
         JOIN cash_postings q ON q.transaction_id = t.id AND q.amount > 0 \
         JOIN cash_accounts a ON a.id = q.cash_account_id \
         WHERE CASE WHEN t.kind = 'REFUND_PAID' AND p.provider <> 'CASH_ACCOUNT' \
         THEN COALESCE(a.kind = 'CLEARING' AND a.holder = p.provider, FALSE) \
         ELSE COALESCE(a.kind = 'PERSON' AND a.account_id = p.account_id, FALSE) END = FALSE",
    },
];
