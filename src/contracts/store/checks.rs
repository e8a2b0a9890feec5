//! What always holds of contracts and their money (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "O-2: a contract's escrow holds what its funded milestones cost",
        breaches: "SELECT c.id AS subject, COALESCE(a.balance, 0) AS detail FROM contracts c \
         LEFT JOIN (SELECT contract_id, SUM(amount_cents) AS funded FROM milestones WHERE state = 'FUNDED' \
         GROUP BY contract_id) AS m ON m.contract_id = c.id \
         LEFT JOIN cash_accounts a ON a.contract_id = c.id \
         WHERE COALESCE(a.balance, 0) <> COALESCE(m.funded, 0)",
    },
    Check {
        invariant: "O-2: a milestone's money came by a payment of that amount",
        breaches: "SELECT m.id AS subject, m.amount_cents AS detail FROM milestones m \
         LEFT JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID' \
         WHERE m.state NOT IN ('PENDING', 'FUNDING') AND (p.id IS NULL OR p.amount_cents <> m.amount_cents)",
    },
    Check {
        invariant: "O-2: a milestone that is being funded has a payment under way",
        breaches: "SELECT m.id AS subject, m.amount_cents AS detail FROM milestones m \
         LEFT JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = m.id \
         AND p.state IN ('PENDING', 'UNKNOWN') WHERE (m.state = 'FUNDING') <> (p.id IS NOT NULL)",
    },
    Check {
        invariant: "O-2: what was released of a milestone left escrow once, with its fee",
        breaches: "SELECT m.id AS subject, m.released_cents AS detail FROM milestones m \
         LEFT JOIN cash_transactions t ON t.document_id = m.id AND t.kind = 'RELEASE' \
         LEFT JOIN cash_accounts e ON e.contract_id = m.contract_id \
         LEFT JOIN cash_postings p ON p.transaction_id = t.id AND p.cash_account_id = e.id \
         WHERE m.released_cents <> COALESCE(-p.amount, 0)",
    },
    Check {
        invariant: "O-2: the platform has the fees of what was released and not taken back",
        breaches: "SELECT f.id AS subject, f.balance AS detail FROM cash_accounts f WHERE f.kind = 'FEES' \
         AND f.balance <> (SELECT COALESCE(SUM(fee_cents - fee_reversed_cents), 0) FROM milestones)",
    },
    Check {
        invariant: "O-2: a milestone's refunds are those of its payment",
        breaches: "SELECT m.id AS subject, m.refunded_cents AS detail FROM milestones m \
         LEFT JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID' \
         LEFT JOIN (SELECT payment_id, SUM(amount_cents) AS total FROM refunds GROUP BY payment_id) AS r \
         ON r.payment_id = p.id WHERE m.refunded_cents <> COALESCE(r.total, 0) \
         OR m.refunded_cents <> COALESCE(p.refunded_cents, 0)",
    },
    Check {
        invariant: "O-2: a refund left its place once, and arrived once it was over",
        breaches: "SELECT r.id AS subject, r.amount_cents AS detail FROM refunds r \
         LEFT JOIN cash_transactions t ON t.document_id = r.id AND t.kind = 'REFUND' \
         LEFT JOIN cash_transactions e ON e.document_id = r.id \
         AND e.kind = CASE r.state WHEN 'PAID' THEN 'REFUND_PAID' WHEN 'FAILED' THEN 'REFUND_TO_CASH' END \
         LEFT JOIN cash_postings p ON p.transaction_id = t.id AND p.amount = r.amount_cents \
         WHERE p.amount IS NULL OR (r.ended_at IS NOT NULL) <> (e.id IS NOT NULL)",
    },
    Check {
        invariant: "O-5: a charge-back is in the journal once, with its amount",
        breaches: "SELECT b.id AS subject, b.amount_cents AS detail FROM chargebacks b \
         LEFT JOIN cash_transactions t ON t.document_id = b.id AND t.kind = 'CHARGEBACK' \
         LEFT JOIN cash_postings p ON p.transaction_id = t.id AND p.amount = b.amount_cents WHERE p.amount IS NULL",
    },
    Check {
        invariant: "P-3: a provider owes what it collected, less what it paid back and what banks took back",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a WHERE a.kind = 'CLEARING' \
         AND -a.balance <> (SELECT COALESCE(SUM(amount_cents), 0) FROM payments \
         WHERE provider = a.holder AND state = 'PAID') \
         - (SELECT COALESCE(SUM(r.amount_cents), 0) FROM refunds r JOIN payments p ON p.id = r.payment_id \
         WHERE p.provider = a.holder AND r.state = 'PAID') \
         - (SELECT COALESCE(SUM(amount_cents), 0) FROM chargebacks WHERE provider = a.holder)",
    },
    Check {
        invariant: "B-3: a payment that is paid is in the journal once, with its amount",
        breaches: "SELECT p.id AS subject, p.amount_cents AS detail FROM payments p \
         LEFT JOIN cash_transactions t ON t.document_id = p.id AND t.kind = 'FUNDING' \
         LEFT JOIN cash_postings f ON f.transaction_id = t.id AND f.amount = p.amount_cents \
         WHERE (p.state = 'PAID') <> (f.transaction_id IS NOT NULL)",
    },
    Check {
        invariant: "O-1: an accepted offer has a contract, and its proposal is hired",
        breaches: "SELECT o.id AS subject, 0 AS detail FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id \
         LEFT JOIN proposals p ON p.id = o.proposal_id \
         WHERE (o.state = 'ACCEPTED') <> (c.id IS NOT NULL) OR (c.id IS NOT NULL AND p.state <> 'HIRED')",
    },
];
