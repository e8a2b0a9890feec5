//! Proving the ledger (H-4): each check is one statement that lists what breaks an invariant.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{db::Sql, error::Result};

/// An invariant and one wallet that breaks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// What does not hold.
    pub invariant: &'static str,
    /// In which wallet.
    pub wallet: String,
    /// The entry or lot at fault, where there is one.
    pub detail: String,
}

/// Each check selects `wallet_id` and `detail`, the number of an entry or a lot, of every breach.
const CHECKS: [(&str, &str); 13] = [
    (
        "X-3: an entry's three changes sum to zero",
        "SELECT wallet_id, seq AS detail FROM entries \
         WHERE available_change + held_change + outside_change <> 0",
    ),
    (
        "H-5: an entry's balances follow from the entry before it",
        "SELECT wallet_id, seq AS detail FROM (SELECT wallet_id, seq, \
         available_after - available_change - LAG(available_after, 1, CAST(0 AS BIGINT)) OVER w AS available_gap, \
         held_after - held_change - LAG(held_after, 1, CAST(0 AS BIGINT)) OVER w AS held_gap, \
         seq - LAG(seq, 1, CAST(0 AS BIGINT)) OVER w AS step FROM entries \
         WINDOW w AS (PARTITION BY wallet_id ORDER BY seq)) AS x \
         WHERE available_gap <> 0 OR held_gap <> 0 OR step <> 1",
    ),
    (
        "X-5: a wallet's totals are those of its last entry",
        "SELECT w.id AS wallet_id, w.last_entry_seq AS detail FROM wallets w \
         LEFT JOIN entries e ON e.wallet_id = w.id AND e.seq = w.last_entry_seq \
         WHERE w.available <> COALESCE(e.available_after, 0) OR w.held <> COALESCE(e.held_after, 0) \
         OR EXISTS (SELECT 1 FROM entries n WHERE n.wallet_id = w.id AND n.seq > w.last_entry_seq)",
    ),
    (
        "X-5: a wallet's spendable Connects are what its lots have left",
        "SELECT w.id AS wallet_id, w.available AS detail FROM wallets w LEFT JOIN \
         (SELECT wallet_id, SUM(remaining) AS remaining FROM lots WHERE open GROUP BY wallet_id) AS l \
         ON l.wallet_id = w.id WHERE w.available <> COALESCE(l.remaining, 0)",
    ),
    (
        "X-5: what is left of a lot is what it got, less what was taken, plus what came back",
        "SELECT l.wallet_id, l.seq AS detail FROM lots l LEFT JOIN \
         (SELECT wallet_id, lot_seq, SUM(quantity) AS moved FROM movements GROUP BY wallet_id, lot_seq) AS m \
         ON m.wallet_id = l.wallet_id AND m.lot_seq = l.seq \
         WHERE l.remaining <> l.quantity + COALESCE(m.moved, 0) OR l.remaining < 0 OR l.remaining > l.quantity",
    ),
    (
        "X-3: an entry's lots and movements add up to its change",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e \
         LEFT JOIN (SELECT wallet_id, entry_seq, SUM(quantity) AS moved FROM movements \
         GROUP BY wallet_id, entry_seq) AS m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         LEFT JOIN (SELECT wallet_id, entry_seq, SUM(quantity) AS issued FROM lots \
         GROUP BY wallet_id, entry_seq) AS l ON l.wallet_id = e.wallet_id AND l.entry_seq = e.seq \
         WHERE e.available_change <> COALESCE(m.moved, 0) + COALESCE(l.issued, 0)",
    ),
    (
        "L-2: a wallet knows the least expiry of its open lots",
        "SELECT w.id AS wallet_id, w.last_lot_seq AS detail FROM wallets w LEFT JOIN \
         (SELECT wallet_id, MIN(expires_at) AS expires_at FROM lots WHERE open GROUP BY wallet_id) AS l \
         ON l.wallet_id = w.id WHERE (w.next_expiry_at IS NULL) <> (l.expires_at IS NULL) \
         OR w.next_expiry_at <> l.expires_at",
    ),
    (
        "S-8: a charge has its proposal and a proposal its charge",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e \
         LEFT JOIN proposals p ON p.wallet_id = e.wallet_id AND p.entry_seq = e.seq \
         WHERE e.kind = 'PROPOSAL' AND (p.id IS NULL OR p.connects_charged <> -e.available_change)",
    ),
    (
        "T-3: no more comes back of an entry than it took",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e JOIN \
         (SELECT wallet_id, reverses_seq, SUM(available_change) AS available, SUM(held_change) AS held \
         FROM entries WHERE reverses_seq IS NOT NULL GROUP BY wallet_id, reverses_seq) AS r \
         ON r.wallet_id = e.wallet_id AND r.reverses_seq = e.seq \
         WHERE r.available > -e.available_change OR e.held_change + r.held < 0",
    ),
    (
        "T-1: a return reverses the charge of the proposal that is its document",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e \
         LEFT JOIN proposals p ON p.wallet_id = e.wallet_id AND p.entry_seq = e.reverses_seq \
         LEFT JOIN job_posts j ON j.id = p.job_post_id \
         WHERE e.kind IN ('RETURNED_CANCELLED', 'RETURNED_REMOVED') \
         AND (p.id IS NULL OR e.business_key <> 'RETURNED/' || j.business_key \
         OR e.document_kind <> 'PROPOSAL')",
    ),
    (
        "P-6: who has closed his account has no live proposal",
        "SELECT p.wallet_id, p.connects_charged AS detail FROM proposals p \
         JOIN restrictions r ON r.account_id = p.freelancer_id AND r.kind = 'CLOSED' AND r.until_at IS NULL \
         JOIN job_posts j ON j.id = p.job_post_id AND j.state = 'OPEN' AND j.expires_at > r.from_at \
         WHERE p.state = 'SUBMITTED'",
    ),
    (
        "L-5: a lot is booked as expired only when it has expired, effective at that instant",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e \
         JOIN movements m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE e.kind = 'EXPIRED' AND (e.effective_at <> l.expires_at OR e.recorded_at < l.expires_at)",
    ),
    (
        "L-2: nothing is taken from a lot after it has expired",
        "SELECT e.wallet_id, e.seq AS detail FROM entries e \
         JOIN movements m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE e.kind <> 'EXPIRED' AND m.quantity < 0 AND e.effective_at >= l.expires_at",
    ),
];

/// Breaches told of one invariant; more of the same say nothing new.
const TOLD_AT_MOST: u32 = 100;

/// Every breach of the ledger's invariants, over all data; empty when all hold. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for (invariant, sql) in CHECKS {
        let sql = format!("{sql} LIMIT {TOLD_AT_MOST}");
        for row in db.query_all_raw(Sql::new(sql).on(db)?).await? {
            let wallet: crate::entity::ids::WalletId = row.try_get("", "wallet_id")?;
            let detail: i64 = row.try_get("", "detail")?;
            breaches.push(Breach { invariant, wallet: wallet.to_string(), detail: detail.to_string() });
        }
    }
    Ok(breaches)
}
