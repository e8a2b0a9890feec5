//! The SQL of issuing Connects to any number of wallets at once.

use super::{WalletSet, posting::recorded_at};
use crate::{
    clock::Instant,
    connects::Grant,
    db::{Sql, Txn},
    error::Result,
    money::Connects,
};

/// One entry for each of `wallets` that has none with this business key yet and for which `condition` holds, in which
/// `w` is its row; returns how many.
pub(in crate::connects) async fn insert_grant_entries(
    txn: &Txn,
    grant: &Grant,
    wallets: &WalletSet,
    condition: Sql,
) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, \
         available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) \
         SELECT w.id, w.last_entry_seq + 1, :kind, :quantity, 0, -:quantity, w.available + :quantity, w.held, \
         :key, :document_kind, :document_id, :effective_at, ",
    )
    .bind("kind", grant.kind.as_str())
    .bind("quantity", grant.quantity.0)
    .bind("key", grant.business_key.as_str())
    .bind("document_kind", grant.document.0.as_str())
    .bind("document_id", grant.document.1.as_str())
    .bind("effective_at", grant.effective_at)
    .push(recorded_at(txn))
    .push(" FROM wallets w WHERE w.id IN (")
    .push(wallets.ids())
    .push(") AND ")
    .push(condition)
    .push(" ON CONFLICT (wallet_id, business_key) DO NOTHING");
    txn.run(sql).await
}

/// The lot of each entry that a grant has just inserted. Wallets that got none have no entry beyond the last they count.
pub(in crate::connects) async fn insert_granted_lots(
    txn: &Txn,
    issued_at: Instant,
    expires_at: Instant,
    wallets: &WalletSet,
) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, \
         issued_at, order_at, expires_at, grace_used) \
         SELECT w.id, w.last_lot_seq + 1, e.seq, e.kind, e.available_change, e.available_change, TRUE, :issued_at, :issued_at, :expires_at, FALSE \
         FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq = w.last_entry_seq + 1 \
         WHERE w.id IN (",
    );
    let sql = sql.bind("issued_at", issued_at).bind("expires_at", expires_at);
    txn.run(sql.push(wallets.ids()).push(")")).await
}

/// Moves the totals of each wallet that a grant has just inserted an entry and a lot for.
pub(in crate::connects) async fn post_grant(
    txn: &Txn,
    quantity: Connects,
    expires_at: Instant,
    wallets: &WalletSet,
) -> Result<()> {
    let sql = Sql::new("UPDATE wallets AS w SET last_recorded_at = ").push(recorded_at(txn)).push(
        ", available = w.available + :quantity, last_entry_seq = w.last_entry_seq + 1, \
         last_lot_seq = w.last_lot_seq + 1, \
         next_expiry_at = CASE WHEN w.next_expiry_at < :expires_at THEN w.next_expiry_at ELSE :expires_at END \
         WHERE EXISTS (SELECT 1 FROM entries e WHERE e.wallet_id = w.id AND e.seq = w.last_entry_seq + 1) \
         AND w.id IN (",
    );
    let sql = sql.bind("quantity", quantity.0).bind("expires_at", expires_at);
    txn.run(sql.push(wallets.ids()).push(")")).await?;
    Ok(())
}
