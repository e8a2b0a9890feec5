//! All SQL of the ledger.

mod announcing;
pub mod balance;
mod digest;
mod reading;
mod verify;

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub(super) use announcing::*;
pub use balance::{Totals, totals};
pub use digest::digest;
pub use reading::*;
pub use verify::{Breach, verify};

use super::{
    book::Taken,
    grant::Grant,
    rules::{OpenLot, Taking},
};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        entry,
        ids::{AccountId, WalletId},
        lot, movement, wallet,
    },
    error::Result,
};

/// Rows of one INSERT, well below the databases' limits on bound values.
const ROWS_AT_ONCE: usize = 500;

/// When an entry of wallet `w` is recorded: now, but never before the wallet's last one (H-5).
const RECORDED_AT: &str = "CASE WHEN w.last_recorded_at > ? THEN w.last_recorded_at ELSE ? END";

/// Locks the wallets that `ids` names, in the order of their ids, and reads them.
pub(super) async fn lock_wallets(txn: &Txn, ids: &Sql) -> Result<Vec<wallet::Model>> {
    let sql = Sql::new("SELECT * FROM wallets WHERE id IN (").push(ids.clone()).push(") ORDER BY id");
    let sql = sql.push(txn.for_update());
    Ok(wallet::Model::find_by_statement(sql.on(txn)).all(txn).await?)
}

/// Locks the wallets that `ids` names, in the order of their ids, without reading them; returns how
/// many there are.
///
/// # Errors
/// When the database refuses.
pub async fn lock_all(txn: &Txn, ids: &Sql) -> Result<u64> {
    let sql = Sql::new("SELECT COUNT(*) AS count FROM (SELECT id FROM wallets WHERE id IN (")
        .push(ids.clone())
        .push(") ORDER BY id")
        .push(txn.for_update())
        .push(") AS locked");
    let row = txn.query_one_raw(sql.on(txn)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// The open lots of the wallets that `ids` names.
pub(super) async fn list_open_lots(txn: &Txn, ids: &Sql) -> Result<Vec<lot::Model>> {
    let sql = Sql::new("SELECT * FROM lots WHERE open AND wallet_id IN (").push(ids.clone()).push(")");
    Ok(lot::Model::find_by_statement(sql.on(txn)).all(txn).await?)
}

/// What each of `entries` (wallet and number) took, from which lots in the order of use, and what has
/// come back of it.
pub(super) async fn list_taken(
    txn: &Txn,
    entries: &[(WalletId, i64)],
) -> Result<BTreeMap<(WalletId, i64), Taken>> {
    let mut taken = BTreeMap::new();
    for entry in list_entries_by_key(txn, entries).await? {
        let held = entry.held_change;
        let fresh = Taken { at: entry.effective_at, takings: Vec::new(), returned: 0, held };
        taken.insert((entry.wallet_id, entry.seq), fresh);
    }
    for entry in list_reversing(txn, entries).await? {
        let reversed = entry.reverses_seq.and_then(|seq| taken.get_mut(&(entry.wallet_id, seq)));
        if let Some(reversed) = reversed {
            reversed.returned += entry.available_change;
            reversed.held += entry.held_change;
        }
    }
    for moved in list_taken_lots(txn, entries).await? {
        if let Some(entry) = taken.get_mut(&(moved.wallet_id, moved.entry_seq)) {
            entry.takings.push(Taking { lot_seq: moved.lot_seq, quantity: -moved.quantity });
        }
    }
    Ok(taken)
}

/// Inserts entries.
pub(super) async fn insert_entries(txn: &Txn, rows: Vec<entry::Model>) -> Result<()> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        entry::Entity::insert_many::<entry::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Inserts lots.
pub(super) async fn insert_lots(txn: &Txn, rows: Vec<lot::Model>) -> Result<()> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        lot::Entity::insert_many::<lot::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Inserts movements.
pub(super) async fn insert_movements(txn: &Txn, rows: Vec<movement::Model>) -> Result<()> {
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        movement::Entity::insert_many::<movement::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// One entry for each of `wallets` that has none with this business key yet; returns how many.
pub(super) async fn insert_grant_entries(txn: &Txn, grant: &Grant, wallets: &Sql) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, \
         available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) \
         SELECT w.id, w.last_entry_seq + 1, ?, ?, 0, ?, w.available + ?, w.held, ?, ?, ?, ?, ",
    )
    .bind(grant.kind.as_str())
    .bind(grant.quantity)
    .bind(-grant.quantity)
    .bind(grant.quantity)
    .bind(grant.business_key.as_str())
    .bind(grant.document.0.as_str())
    .bind(grant.document.1.as_str())
    .bind(grant.effective_at)
    .push(Sql::new(RECORDED_AT).bind(txn.now()).bind(txn.now()))
    .push(" FROM wallets w WHERE w.id IN (")
    .push(wallets.clone())
    .push(") ON CONFLICT (wallet_id, business_key) DO NOTHING");
    txn.run(sql).await
}

/// The lot of each entry that a grant has just inserted.
pub(super) async fn insert_granted_lots(
    txn: &Txn,
    issued_at: Instant,
    expires_at: Instant,
    wallets: &Sql,
) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO lots (wallet_id, seq, entry_seq, source, quantity, remaining, open, \
         issued_at, order_at, expires_at, grace_used) \
         SELECT w.id, w.last_lot_seq + 1, e.seq, e.kind, e.available_change, e.available_change, TRUE, ?, ?, ?, FALSE \
         FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq = w.last_entry_seq + 1 \
         WHERE w.id IN (",
    );
    txn.run(sql.bind(issued_at).bind(issued_at).bind(expires_at).push(wallets.clone()).push(")")).await
}

/// Moves the totals of each wallet by the entry and the lot that a grant has just inserted.
pub(super) async fn post_grant(txn: &Txn, expires_at: Instant, wallets: &Sql) -> Result<()> {
    let sql = Sql::new(
        "UPDATE wallets SET available = e.available_after, last_entry_seq = e.seq, \
         last_lot_seq = last_lot_seq + 1, last_recorded_at = e.recorded_at, \
         next_expiry_at = CASE WHEN next_expiry_at < ? THEN next_expiry_at ELSE ? END \
         FROM entries e WHERE e.wallet_id = wallets.id AND e.seq = wallets.last_entry_seq + 1 AND wallets.id IN (",
    );
    txn.run(sql.bind(expires_at).bind(expires_at).push(wallets.clone()).push(")")).await?;
    Ok(())
}

/// Books every lot of `wallets` that has expired by now: an entry effective when the lot expired, its
/// movement, and the totals (L-5). Returns how many lots.
///
/// # Errors
/// When the database refuses.
pub async fn book_expired(txn: &Txn, wallets: &Sql) -> Result<u64> {
    let now = txn.now();
    let entries = Sql::new(
        "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, \
         available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) \
         SELECT w.id, w.last_entry_seq + x.place, 'EXPIRED', -x.remaining, 0, x.remaining, \
         w.available - x.running, w.held, 'EXPIRED/' || x.seq, 'LOT', CAST(x.seq AS TEXT), x.expires_at, ",
    )
    .push(Sql::new(RECORDED_AT).bind(now).bind(now))
    .push(
        " FROM (SELECT wallet_id, seq, remaining, expires_at, \
         ROW_NUMBER() OVER (PARTITION BY wallet_id ORDER BY expires_at, seq) AS place, \
         CAST(SUM(remaining) OVER (PARTITION BY wallet_id ORDER BY expires_at, seq \
         ROWS UNBOUNDED PRECEDING) AS BIGINT) AS running \
         FROM lots WHERE open AND expires_at <= ? AND wallet_id IN (",
    )
    .bind(now)
    .push(wallets.clone())
    .push(")) AS x JOIN wallets w ON w.id = x.wallet_id");
    let booked = txn.run(entries).await?;
    if booked > 0 {
        let movements = Sql::new(
            "INSERT INTO movements (wallet_id, entry_seq, lot_seq, quantity) \
             SELECT e.wallet_id, e.seq, CAST(e.document_id AS BIGINT), e.available_change \
             FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq > w.last_entry_seq WHERE w.id IN (",
        );
        txn.run(movements.push(wallets.clone()).push(")")).await?;
        post(txn, wallets).await?;
    }
    Ok(booked)
}

/// Moves lots and wallet totals by the entries and movements beyond each wallet's last counted one:
/// by exactly those that were really inserted.
pub(super) async fn post(txn: &Txn, wallets: &Sql) -> Result<()> {
    let lots = Sql::new(
        "UPDATE lots SET remaining = lots.remaining + c.change, open = (lots.remaining + c.change > 0) \
         FROM (SELECT m.wallet_id, m.lot_seq, CAST(SUM(m.quantity) AS BIGINT) AS change \
         FROM wallets w JOIN movements m ON m.wallet_id = w.id AND m.entry_seq > w.last_entry_seq WHERE w.id IN (",
    )
    .push(wallets.clone())
    .push(") GROUP BY m.wallet_id, m.lot_seq) AS c WHERE lots.wallet_id = c.wallet_id AND lots.seq = c.lot_seq");
    txn.run(lots).await?;
    let totals = Sql::new(
        "UPDATE wallets SET available = wallets.available + c.available, held = wallets.held + c.held, \
         last_entry_seq = c.seq, last_recorded_at = c.recorded_at, \
         last_lot_seq = (SELECT COALESCE(MAX(l.seq), 0) FROM lots l WHERE l.wallet_id = wallets.id), \
         next_expiry_at = (SELECT MIN(l.expires_at) FROM lots l WHERE l.wallet_id = wallets.id AND l.open) \
         FROM (SELECT e.wallet_id, CAST(SUM(e.available_change) AS BIGINT) AS available, \
         CAST(SUM(e.held_change) AS BIGINT) AS held, MAX(e.seq) AS seq, MAX(e.recorded_at) AS recorded_at \
         FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq > w.last_entry_seq WHERE w.id IN (",
    )
    .push(wallets.clone())
    .push(") GROUP BY e.wallet_id) AS c WHERE wallets.id = c.wallet_id");
    txn.run(totals).await?;
    Ok(())
}

/// Wallets that have lots expired by `now`, those whose lots expired first coming first.
pub(super) async fn list_wallets_with_expired_lots(
    txn: &Txn,
    now: Instant,
    limit: u64,
) -> Result<Vec<WalletId>> {
    let sql = Sql::new(format!(
        "SELECT DISTINCT wallet_id FROM (SELECT wallet_id FROM lots WHERE open AND expires_at <= ? \
         ORDER BY expires_at, wallet_id LIMIT {limit}) AS due"
    ));
    let rows = txn.query_all_raw(sql.bind(now).on(txn)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "wallet_id")?)).collect()
}

/// The least expiry of all open lots.
pub(super) async fn find_next_expiry(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT expires_at FROM lots WHERE open ORDER BY expires_at LIMIT 1");
    let row = db.query_one_raw(sql.on(db)).await?;
    Ok(row.map(|row| row.try_get("", "expires_at")).transpose()?)
}

/// The open lots of a wallet that have not expired at `now`, in the order in which they will be spent.
///
/// # Errors
/// When the database refuses.
pub async fn list_live_lots(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    now: Instant,
) -> Result<Vec<lot::Model>> {
    let live =
        lot::Column::WalletId.eq(wallet).and(lot::Column::ExpiresAt.gt(now)).and(lot::Column::Open.eq(true));
    Ok(lot::Entity::find()
        .filter(live)
        .order_by_asc(lot::Column::OrderAt)
        .order_by_asc(lot::Column::ExpiresAt)
        .order_by_asc(lot::Column::Seq)
        .all(db)
        .await?)
}

impl From<&lot::Model> for OpenLot {
    fn from(lot: &lot::Model) -> Self {
        Self { seq: lot.seq, order_at: lot.order_at, expires_at: lot.expires_at, remaining: lot.remaining }
    }
}

/// Whether any of `wallets` has a lot that has expired and is not booked so.
///
/// # Errors
/// When the database refuses.
pub async fn any_expired(txn: &Txn, wallets: &Sql) -> Result<bool> {
    let sql = Sql::new("SELECT 1 AS one FROM wallets WHERE next_expiry_at <= ? AND id IN (");
    let sql = sql.bind(txn.now()).push(wallets.clone()).push(") LIMIT 1");
    Ok(txn.query_one_raw(sql.on(txn)).await?.is_some())
}

/// A sub-select of `wallet_id` and `quantity`, what the entries with these business keys sum to, for
/// each of `wallets`.
pub fn sums_by_wallet(business_keys: &[String], wallets: &Sql) -> Sql {
    Sql::new("SELECT wallet_id, CAST(SUM(available_change) AS BIGINT) AS quantity FROM entries WHERE business_key IN (")
        .push(Sql::list(business_keys.iter().map(String::as_str)))
        .push(") AND wallet_id IN (")
        .push(wallets.clone())
        .push(") GROUP BY wallet_id")
}

/// The wallet of `account`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_wallet_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<wallet::Model>> {
    Ok(wallet::Entity::find().filter(wallet::Column::AccountId.eq(account)).one(db).await?)
}

/// Inserts an empty wallet.
///
/// # Errors
/// When the database refuses.
pub async fn insert_wallet(txn: &Txn, wallet: wallet::Model) -> Result<()> {
    wallet::Entity::insert(wallet.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
