//! The SQL that writes entries, lots and movements, and moves the totals by them.

use sea_orm::IntoActiveModel;

use super::WalletSet;
use crate::{
    db::{Sql, Txn, Writes},
    entity::{entry, lot, movement, wallet},
    error::Result,
};

/// When an entry of wallet `w` is recorded: now, but never before the wallet's last one (H-5).
pub(super) fn recorded_at(txn: &Txn) -> Sql {
    let later = Sql::new("CASE WHEN w.last_recorded_at > :now THEN w.last_recorded_at ELSE :now END");
    later.bind("now", txn.now())
}

/// Inserts entries, lots and movements.
pub(in crate::connects) fn insert_history(
    writes: &mut Writes<'_>,
    entries: &[entry::Model],
    lots: Vec<lot::Model>,
    movements: &[movement::Model],
) {
    writes.insert(entries.iter().cloned().map(entry::Model::into_active_model));
    writes.insert(lots.into_iter().map(lot::Model::into_active_model));
    writes.insert(movements.iter().cloned().map(movement::Model::into_active_model));
}

/// Sets what is left in `lots`, whose wallets are locked.
pub(in crate::connects) fn update_lots(writes: &mut Writes<'_>, lots: &[&lot::Model]) {
    let row =
        |lot: &&lot::Model| vec![lot.wallet_id.into(), lot.seq.into(), lot.remaining.into(), lot.open.into()];
    writes.push_rows(&["wallet_id", "seq", "remaining", "open"], lots.iter().map(row).collect(), |rows| {
        Sql::new("WITH c (wallet_id, seq, remaining, open) AS (").push(rows).push(
            ") UPDATE lots SET remaining = c.remaining, open = c.open FROM c \
             WHERE lots.wallet_id = c.wallet_id AND lots.seq = c.seq",
        )
    });
}

/// Sets what is left in `lots`, whose wallets are locked, and whether they are revoked.
pub(in crate::connects) fn update_revoked(writes: &mut Writes<'_>, lots: &[&lot::Model]) {
    let columns = ["wallet_id", "seq", "remaining", "open", "revoked_at"];
    let row = |lot: &&lot::Model| {
        let left = (lot.remaining.into(), lot.open.into());
        vec![lot.wallet_id.into(), lot.seq.into(), left.0, left.1, lot.revoked_at.into()]
    };
    writes.push_rows(&columns, lots.iter().map(row).collect(), |rows| {
        Sql::new(format!("WITH c ({}) AS (", columns.join(", "))).push(rows).push(
            ") UPDATE lots SET remaining = c.remaining, open = c.open, revoked_at = c.revoked_at FROM c \
             WHERE lots.wallet_id = c.wallet_id AND lots.seq = c.seq",
        )
    });
}

/// Sets the totals of `wallets`, which are locked.
pub(in crate::connects) fn update_totals(writes: &mut Writes<'_>, wallets: &[&wallet::Model]) {
    let columns =
        ["id", "available", "held", "last_entry_seq", "last_lot_seq", "last_recorded_at", "next_expiry_at"];
    let row = |wallet: &&wallet::Model| {
        vec![
            wallet.id.into(),
            wallet.available.into(),
            wallet.held.into(),
            wallet.last_entry_seq.into(),
            wallet.last_lot_seq.into(),
            wallet.last_recorded_at.into(),
            wallet.next_expiry_at.into(),
        ]
    };
    writes.push_rows(&columns, wallets.iter().map(row).collect(), |rows| {
        Sql::new(format!("WITH c ({}) AS (", columns.join(", "))).push(rows).push(
            ") UPDATE wallets SET available = c.available, held = c.held, last_entry_seq = c.last_entry_seq, \
             last_lot_seq = c.last_lot_seq, last_recorded_at = c.last_recorded_at, \
             next_expiry_at = c.next_expiry_at FROM c WHERE wallets.id = c.id",
        )
    });
}

/// Books every lot of `wallets`, which are locked, that has expired by now: an entry effective when the lot expired, its
/// movement, and the totals (L-5). Returns how many lots.
pub(in crate::connects) async fn book_expired(txn: &Txn, wallets: &WalletSet) -> Result<u64> {
    let entries = Sql::new(
        "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, \
         available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) \
         SELECT w.id, w.last_entry_seq + x.place, 'EXPIRED', -x.remaining, 0, x.remaining, \
         w.available - x.running, w.held, 'EXPIRED/' || x.seq, 'LOT', CAST(x.seq AS TEXT), x.expires_at, ",
    )
    .push(recorded_at(txn))
    .push(
        " FROM (SELECT wallet_id, seq, remaining, expires_at, \
         ROW_NUMBER() OVER (PARTITION BY wallet_id ORDER BY expires_at, seq) AS place, \
         CAST(SUM(remaining) OVER (PARTITION BY wallet_id ORDER BY expires_at, seq \
         ROWS UNBOUNDED PRECEDING) AS BIGINT) AS running \
         FROM lots WHERE open AND expires_at <= :now AND wallet_id IN (",
    )
    .bind("now", txn.now())
    .push(wallets.ids())
    .push(")) AS x JOIN wallets w ON w.id = x.wallet_id");
    let booked = txn.run(entries).await?;
    if booked > 0 {
        let movements = Sql::new(
            "INSERT INTO movements (wallet_id, entry_seq, lot_seq, quantity) \
             SELECT e.wallet_id, e.seq, CAST(e.document_id AS BIGINT), e.available_change \
             FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq > w.last_entry_seq WHERE w.id IN (",
        );
        txn.run(movements.push(wallets.ids()).push(")")).await?;
        post_expired(txn, wallets).await?;
    }
    Ok(booked)
}

/// Empties the lots that have just been booked as expired, and moves the totals to where their last entries say.
async fn post_expired(txn: &Txn, wallets: &WalletSet) -> Result<()> {
    let lots = Sql::new(
        "UPDATE lots SET remaining = 0, open = FALSE WHERE open AND expires_at <= :now AND wallet_id IN (",
    );
    txn.run(lots.bind("now", txn.now()).push(wallets.ids()).push(")")).await?;
    let totals = Sql::new(
        "UPDATE wallets SET (available, last_entry_seq, last_recorded_at) = (SELECT e.available_after, e.seq, \
         e.recorded_at FROM entries e WHERE e.wallet_id = wallets.id ORDER BY e.seq DESC LIMIT 1), \
         next_expiry_at = (SELECT MIN(l.expires_at) FROM lots l WHERE l.wallet_id = wallets.id AND l.open) \
         WHERE EXISTS (SELECT 1 FROM entries e WHERE e.wallet_id = wallets.id AND e.seq = wallets.last_entry_seq + 1) \
         AND id IN (",
    );
    txn.run(totals.push(wallets.ids()).push(")")).await?;
    Ok(())
}
