//! What always holds of contracts and their money (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "O-2: a contract's escrow holds what its funded milestones cost, less what banks took back",
        breaches: "SELECT c.id AS subject, COALESCE(a.balance, 0) AS detail FROM contracts c \
         LEFT JOIN (SELECT contract_id, SUM(amount_cents - charged_back_cents) AS funded FROM milestones \
         WHERE state = 'FUNDED' GROUP BY contract_id) AS m ON m.contract_id = c.id \
         LEFT JOIN cash_accounts a ON a.contract_id = c.id \
         WHERE COALESCE(a.balance, 0) <> COALESCE(m.funded, 0)",
    },
    Check {
        invariant: "O-2: a milestone's money came by a payment of that amount",
        breaches: "SELECT m.id AS subject, m.amount_cents AS detail FROM milestones m \
         LEFT JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID' \
         WHERE m.state NOT IN ('PENDING', 'FUNDING', 'WITHDRAWN') AND (p.id IS NULL OR p.amount_cents <> m.amount_cents)",
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
         LEFT JOIN cash_postings p ON p.transaction_id = t.id LEFT JOIN cash_accounts a ON a.id = p.cash_account_id \
         GROUP BY m.id, m.released_cents, m.fee_cents HAVING m.released_cents <> \
         COALESCE(SUM(CASE WHEN a.contract_id = m.contract_id THEN -p.amount ELSE 0 END), 0) \
         OR m.fee_cents <> COALESCE(SUM(CASE WHEN a.kind = 'FEES' THEN p.amount ELSE 0 END), 0)",
    },
    Check {
        invariant: "O-2: what was taken back of a milestone is what its refunds and charge-backs reversed",
        breaches: "SELECT m.id AS subject, m.reversed_cents AS detail FROM milestones m \
         LEFT JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID' \
         LEFT JOIN (SELECT r.payment_id, SUM(r.amount_cents) AS total FROM refunds r JOIN cash_transactions t \
         ON t.document_id = r.id AND t.kind = 'REFUND' JOIN cash_transactions o ON o.id = t.reverses_id \
         AND o.kind = 'RELEASE' GROUP BY r.payment_id) AS r ON r.payment_id = p.id \
         LEFT JOIN (SELECT b.payment_id, SUM(-q.amount) AS total FROM chargebacks b JOIN cash_transactions t \
         ON t.document_id = b.id AND t.kind = 'CHARGEBACK' AND b.won_at IS NULL JOIN cash_postings q ON q.transaction_id = t.id \
         JOIN cash_accounts a ON a.id = q.cash_account_id AND a.kind IN ('PERSON', 'RECEIVABLE', 'FEES') \
         GROUP BY b.payment_id) AS b ON b.payment_id = p.id \
         WHERE m.reversed_cents <> COALESCE(r.total, 0) + COALESCE(b.total, 0)",
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
        invariant: "O-2: a refund left its place once, and arrived once it was over, each with its amount",
        breaches: "SELECT r.id AS subject, r.amount_cents AS detail FROM refunds r \
         LEFT JOIN cash_transactions t ON t.document_id = r.id AND t.kind = 'REFUND' \
         LEFT JOIN cash_postings p ON p.transaction_id = t.id AND p.amount = r.amount_cents \
         LEFT JOIN cash_transactions e ON e.document_id = r.id \
         AND e.kind = CASE r.state WHEN 'PAID' THEN 'REFUND_PAID' WHEN 'FAILED' THEN 'REFUND_TO_CASH' END \
         LEFT JOIN cash_postings q ON q.transaction_id = e.id AND q.amount = r.amount_cents \
         WHERE p.amount IS NULL OR (r.ended_at IS NOT NULL) <> (q.amount IS NOT NULL)",
    },
    Check {
        invariant: "O-2: what is on its way back to clients are the refunds that are not over",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a \
         WHERE a.kind = 'REFUNDS_IN_TRANSIT' AND a.balance <> \
         (SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE ask_at IS NOT NULL)",
    },
    Check {
        invariant: "O-2: what an admin decided went back to the client",
        breaches: "SELECT d.id AS subject, d.refund_cents AS detail FROM disputes d \
         JOIN payments p ON p.purpose = 'MILESTONE' AND p.document_id = d.milestone_id AND p.state = 'PAID' \
         WHERE d.refund_cents > 0 AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id \
         AND r.amount_cents = d.refund_cents AND r.begun_at = d.ended_at)",
    },
    Check {
        invariant: "O-2: an hourly contract has invoices, each for its time at the agreed rate, and others have none",
        breaches: "SELECT m.id AS subject, m.amount_cents AS detail FROM milestones m \
         JOIN contracts c ON c.id = m.contract_id WHERE (m.minutes IS NULL) <> (c.hourly_cents IS NULL) \
         OR m.amount_cents <> (m.minutes * c.hourly_cents + 30) / 60",
    },
    Check {
        invariant: "T-6: what was reversed of a return is no more than came back, and its proposal says when",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e LEFT JOIN entries r \
         ON r.wallet_id = e.wallet_id AND 'RETURN_REVERSED/' || r.business_key = e.business_key \
         AND r.kind = 'RETURNED_CANCELLED' LEFT JOIN proposals p ON p.wallet_id = r.wallet_id \
         AND p.entry_seq = r.reverses_seq WHERE e.kind = 'RETURN_REVERSED' \
         AND (r.seq IS NULL OR r.available_change < -e.available_change OR p.return_reversed_at IS NULL)",
    },
    Check {
        invariant: "O-5: a charge-back is in the journal, with its amount",
        breaches: "SELECT b.id AS subject, b.amount_cents AS detail FROM chargebacks b \
         LEFT JOIN (SELECT t.document_id, SUM(p.amount) AS total FROM cash_transactions t \
         JOIN cash_postings p ON p.transaction_id = t.id JOIN cash_accounts a ON a.id = p.cash_account_id \
         AND a.kind = 'CLEARING' WHERE t.kind IN ('CHARGEBACK', 'SALE_CHARGED_BACK', \
         'CHARGEBACK_OF_REFUNDED') GROUP BY t.document_id) AS j \
         ON j.document_id = b.id WHERE b.amount_cents <> COALESCE(j.total, 0)",
    },
    Check {
        invariant: "O-5: what a bank gave back is in the journal, once and with its amount",
        breaches: "SELECT b.id AS subject, b.amount_cents AS detail FROM chargebacks b \
         LEFT JOIN (SELECT t.document_id, SUM(-p.amount) AS total FROM cash_transactions t \
         JOIN cash_postings p ON p.transaction_id = t.id JOIN cash_accounts a ON a.id = p.cash_account_id \
         AND a.kind = 'CLEARING' WHERE t.kind IN ('CHARGEBACK_WON', 'SALE_RESTORED', 'CHARGEBACK_OF_REFUNDED_WON') \
         GROUP BY t.document_id) AS j ON j.document_id = b.id \
         WHERE COALESCE(j.total, 0) <> CASE WHEN b.won_at IS NULL THEN 0 ELSE b.amount_cents END",
    },
    Check {
        invariant: "O-5: a payment and its milestone know what banks took back",
        breaches: "SELECT p.id AS subject, p.charged_back_cents AS detail FROM payments p \
         LEFT JOIN milestones m ON m.id = p.document_id AND p.purpose = 'MILESTONE' \
         LEFT JOIN (SELECT payment_id, SUM(amount_cents) AS total FROM chargebacks WHERE won_at IS NULL \
         GROUP BY payment_id) AS b ON b.payment_id = p.id WHERE p.state = 'PAID' AND (p.charged_back_cents <> \
         CASE WHEN COALESCE(b.total, 0) < p.amount_cents THEN COALESCE(b.total, 0) ELSE p.amount_cents END \
         OR (p.purpose = 'MILESTONE' AND p.charged_back_cents <> COALESCE(m.charged_back_cents, 0)))",
    },
    Check {
        invariant: "P-3: a provider owes what it collected, less what it paid back and what banks took back",
        breaches: "SELECT a.id AS subject, a.balance AS detail FROM cash_accounts a WHERE a.kind = 'CLEARING' \
         AND -a.balance <> (SELECT COALESCE(SUM(amount_cents), 0) FROM payments \
         WHERE provider = a.holder AND state = 'PAID') \
         - (SELECT COALESCE(SUM(r.amount_cents), 0) FROM refunds r JOIN payments p ON p.id = r.payment_id \
         WHERE p.provider = a.holder AND r.state = 'PAID') \
         - (SELECT COALESCE(SUM(amount_cents), 0) FROM chargebacks WHERE provider = a.holder AND won_at IS NULL)",
    },
    Check {
        invariant: "B-3: a payment that is paid is in the journal once, with its amount",
        breaches: "SELECT p.id AS subject, p.amount_cents AS detail FROM payments p \
         LEFT JOIN cash_transactions t ON t.document_id = p.id AND t.kind IN ('FUNDING', 'SALE') \
         LEFT JOIN cash_postings f ON f.transaction_id = t.id AND f.amount = -p.amount_cents \
         WHERE (p.state = 'PAID') <> (f.transaction_id IS NOT NULL)",
    },
    Check {
        invariant: "O-1: an accepted offer has a contract, and its proposal is hired",
        breaches: "SELECT o.id AS subject, 0 AS detail FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id \
         LEFT JOIN proposals p ON p.id = c.proposal_id \
         WHERE (o.state = 'ACCEPTED') <> (c.id IS NOT NULL) OR (c.id IS NOT NULL AND p.state <> 'HIRED')",
    },
];
