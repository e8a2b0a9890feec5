//! The invariants of the cash journal (H-4): each check is one statement that lists what breaks an invariant.

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "X-3: a transaction has all of its postings, and they sum to zero",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t LEFT JOIN \
         (SELECT transaction_id, COUNT(*) AS lines, SUM(amount) AS total FROM cash_postings GROUP BY transaction_id) AS p \
         ON p.transaction_id = t.id WHERE COALESCE(p.lines, 0) <> t.lines OR p.total <> 0",
    },
    Check {
        invariant: "H-5: the balance after a posting follows from the posting before it",
        breaches: "SELECT cash_account_id AS subject, seq AS detail FROM (SELECT cash_account_id, seq, \
         balance_after - amount - LAG(balance_after, 1, CAST(0 AS BIGINT)) OVER w AS gap, \
         seq - LAG(seq, 1, CAST(0 AS BIGINT)) OVER w AS step FROM cash_postings \
         WINDOW w AS (PARTITION BY cash_account_id ORDER BY seq)) AS x WHERE gap <> 0 OR step <> 1",
    },
    Check {
        invariant: "X-5: a cash account's balance is that after its last posting",
        breaches: "SELECT a.id AS subject, a.last_seq AS detail FROM cash_accounts a \
         LEFT JOIN cash_postings p ON p.cash_account_id = a.id AND p.seq = a.last_seq \
         WHERE a.balance <> COALESCE(p.balance_after, 0) \
         OR EXISTS (SELECT 1 FROM cash_postings n WHERE n.cash_account_id = a.id AND n.seq > a.last_seq)",
    },
    Check {
        invariant: "O-5: only what others owe is below zero",
        breaches: "SELECT id AS subject, balance AS detail FROM cash_accounts \
         WHERE balance < 0 AND kind NOT IN ('CLEARING', 'RECEIVABLE', 'PROMOTIONS')",
    },
    Check {
        invariant: "O-5: what a person owed was settled right after an income, and out of it",
        breaches: "SELECT t.id AS subject, t.lines AS detail FROM cash_transactions t \
         WHERE t.kind = 'RECEIVABLE_SETTLED' AND NOT EXISTS (SELECT 1 FROM cash_transactions i \
         JOIN cash_postings p ON p.transaction_id = i.id AND p.amount > 0 \
         JOIN cash_accounts a ON a.id = p.cash_account_id AND a.kind = 'PERSON' \
         JOIN cash_postings s ON s.cash_account_id = a.id AND s.seq = p.seq + 1 AND s.transaction_id = t.id \
         AND -s.amount <= p.balance_after \
         JOIN cash_postings d ON d.transaction_id = t.id AND d.amount = -s.amount \
         JOIN cash_accounts o ON o.id = d.cash_account_id AND o.kind = 'RECEIVABLE' AND o.account_id = a.account_id \
         WHERE i.document_id = t.document_id \
         AND t.business_key = 'RECEIVABLE_SETTLED/' || i.business_key)",
    },
    Check {
        invariant: "X-3: a document causes one transaction of each kind",
        breaches: "SELECT document_id AS subject, COUNT(*) AS detail FROM cash_transactions \
         WHERE kind <> 'RECEIVABLE_SETTLED' GROUP BY document_id, kind HAVING COUNT(*) > 1",
    },
    Check {
        invariant: "O-5: nobody has cash and owes",
        breaches: "SELECT c.id AS subject, c.balance AS detail FROM cash_accounts c JOIN cash_accounts d \
         ON d.account_id = c.account_id AND d.currency = c.currency \
         WHERE c.kind = 'PERSON' AND d.kind = 'RECEIVABLE' AND c.balance > 0 AND d.balance < 0",
    },
];
