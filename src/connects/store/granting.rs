//! The SQL of issuing Connects to any number of wallets at once.

use super::{WalletSet, posting::recorded_at};
use crate::{
    clock::Instant,
    connects::Grant,
    db::{Sql, Txn},
    error::Result,
};

/// One entry for each of `wallets` that has none with this business key yet; returns how many.
pub(in crate::connects) async fn insert_grant_entries(
    txn: &Txn,
    grant: &Grant,
    wallets: &WalletSet,
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
    .push(") ON CONFLICT (wallet_id, business_key) DO NOTHING");
    txn.run(sql).await
}

/// The lot of each entry that a grant has just inserted.
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

/// Moves the totals of each wallet by the entry and the lot that a grant has just inserted.
pub(in crate::connects) async fn post_grant(
    txn: &Txn,
    expires_at: Instant,
    wallets: &WalletSet,
) -> Result<()> {
    let sql = Sql::new(
        "UPDATE wallets SET available = e.available_after, last_entry_seq = e.seq, \
         last_lot_seq = last_lot_seq + 1, last_recorded_at = e.recorded_at, \
         next_expiry_at = CASE WHEN next_expiry_at < :expires_at THEN next_expiry_at ELSE :expires_at END \
         FROM entries e WHERE e.wallet_id = wallets.id AND e.seq = wallets.last_entry_seq + 1 AND wallets.id IN (",
    );
    txn.run(sql.bind("expires_at", expires_at).push(wallets.ids()).push(")")).await?;
    Ok(())
}
