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
         WHERE m.state IN ('FUNDED', 'RELEASED') AND (p.id IS NULL OR p.amount_cents <> m.amount_cents)",
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
