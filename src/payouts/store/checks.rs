//! What always holds of payouts and their money (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "W-1: what is on its way is what payouts that are not over take",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a WHERE a.kind = 'PAYOUTS_IN_TRANSIT' \
         AND a.balance <> (SELECT COALESCE(SUM(amount_cents), 0) FROM payouts WHERE state NOT IN ('PAID', 'FAILED'))",
    },
    Check {
        invariant: "W-1: what has left is what was paid out",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a WHERE a.kind = 'PAID_OUT' \
         AND a.balance <> (SELECT COALESCE(SUM(amount_cents), 0) FROM payouts WHERE state = 'PAID')",
    },
    Check {
        invariant: "X-6: a payout is in the journal as it stands",
        breaches: "SELECT p.id AS subject, p.amount_cents AS detail FROM payouts p \
         LEFT JOIN cash_transactions t ON t.document_id = p.id AND t.kind = 'PAYOUT' \
         LEFT JOIN cash_transactions o ON o.document_id = p.id AND o.kind = 'PAYOUT_PAID' \
         LEFT JOIN cash_transactions r ON r.document_id = p.id AND r.kind = 'PAYOUT_RETURNED' \
         WHERE t.id IS NULL OR (p.state = 'FAILED') <> (r.id IS NOT NULL) \
         OR (p.state = 'PAID' AND o.id IS NULL) OR (p.state NOT IN ('PAID', 'FAILED') AND o.id IS NOT NULL)",
    },
    Check {
        invariant: "X-6: what the journal says of payouts has its payout",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         LEFT JOIN payouts p ON p.id = t.document_id WHERE t.kind IN ('PAYOUT', 'PAYOUT_PAID', 'PAYOUT_RETURNED') \
         AND (p.id IS NULL OR t.document_kind <> 'PAYOUT')",
    },
    Check {
        invariant: "W-1: a payout moves its own amount, and of a person only theirs",
        breaches: "SELECT t.id AS subject, q.amount AS detail FROM cash_transactions t \
         JOIN payouts p ON p.id = t.document_id JOIN cash_postings q ON q.transaction_id = t.id \
         JOIN cash_accounts a ON a.id = q.cash_account_id WHERE t.kind IN ('PAYOUT', 'PAYOUT_PAID', 'PAYOUT_RETURNED') \
         AND (ABS(q.amount) <> p.amount_cents OR (a.account_id IS NOT NULL AND a.account_id <> p.account_id) \
         OR a.kind <> CASE WHEN (t.kind = 'PAYOUT') = (q.amount < 0) AND t.kind <> 'PAYOUT_PAID' \
         THEN CASE p.purpose WHEN 'WITHDRAWAL' THEN 'PERSON' ELSE 'PROMOTIONS' END \
         WHEN t.kind = 'PAYOUT' THEN 'PAYOUTS_IN_TRANSIT' \
         WHEN t.kind = 'PAYOUT_PAID' AND q.amount > 0 THEN 'PAID_OUT' WHEN t.kind = 'PAYOUT_PAID' THEN 'PAYOUTS_IN_TRANSIT' \
         WHEN a.kind = 'PAID_OUT' THEN 'PAID_OUT' ELSE 'PAYOUTS_IN_TRANSIT' END)",
    },
    Check {
        invariant: "X-6: only the person withdraws, only the system or an admin pays, and nobody acts for a bank",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         JOIN payouts p ON p.id = t.document_id LEFT JOIN accounts a ON a.id = t.actor_id \
         WHERE (t.kind IN ('PAYOUT_PAID', 'PAYOUT_RETURNED') AND t.actor_id IS NOT NULL) \
         OR (t.kind = 'PAYOUT' AND p.purpose = 'WITHDRAWAL' AND COALESCE(t.actor_id = p.account_id, FALSE) = FALSE) \
         OR (t.kind = 'PAYOUT' AND p.purpose = 'COMMISSIONS' AND COALESCE(t.actor_id = p.account_id, FALSE))",
    },
    Check {
        invariant: "F-7: a payout of commissions is the sum of its parts, each of its own affiliate",
        breaches: "SELECT p.id AS subject, p.amount_cents AS detail FROM payouts p \
         LEFT JOIN (SELECT i.payout_id, SUM(i.amount_cents) AS total, \
         SUM(CASE WHEN i.amount_cents <> l.amount_cents OR l.affiliate_id <> o.account_id THEN 1 ELSE 0 END) AS others \
         FROM payout_items i JOIN commission_locks l ON l.id = i.lock_id JOIN payouts o ON o.id = i.payout_id \
         GROUP BY i.payout_id) AS s ON s.payout_id = p.id \
         WHERE p.purpose = 'COMMISSIONS' AND (COALESCE(s.total, 0) <> p.amount_cents OR s.others > 0)",
    },
    Check {
        invariant: "F-7: a part of a commission is in one payout that has not failed, or in none",
        breaches: "SELECT l.id AS subject, l.amount_cents AS detail FROM commission_locks l \
         LEFT JOIN payouts p ON p.id = l.payout_id LEFT JOIN payout_items i ON i.payout_id = l.payout_id AND i.lock_id = l.id \
         WHERE (l.payout_id IS NOT NULL AND (i.lock_id IS NULL OR p.id IS NULL OR p.state = 'FAILED')) \
         OR 0 < (SELECT COUNT(*) FROM payout_items j JOIN payouts o ON o.id = j.payout_id WHERE j.lock_id = l.id \
         AND o.state <> 'FAILED' AND (l.payout_id IS NULL OR o.id <> l.payout_id))",
    },
    Check {
        invariant: "F-6: a commission is paid when all that has locked of it is",
        breaches: "SELECT c.id AS subject, c.locked_cents AS detail FROM commissions c \
         LEFT JOIN (SELECT l.commission_id, SUM(l.amount_cents) AS total FROM commission_locks l JOIN payouts p \
         ON p.id = l.payout_id AND p.state = 'PAID' GROUP BY l.commission_id) AS s ON s.commission_id = c.id \
         WHERE c.state IN ('LOCKED', 'PAID') AND (c.state = 'PAID') <> (COALESCE(s.total, 0) = c.locked_cents)",
    },
    Check {
        invariant: "W-2: a batch has the payouts and the total that it says",
        breaches: "SELECT b.id AS subject, b.total_minor AS detail FROM payout_batches b \
         LEFT JOIN (SELECT batch_id, COUNT(*) AS payouts, SUM(paid_minor) AS total FROM payouts GROUP BY batch_id) AS s \
         ON s.batch_id = b.id WHERE COALESCE(s.payouts, 0) <> b.payouts OR COALESCE(s.total, 0) <> b.total_minor",
    },
];
