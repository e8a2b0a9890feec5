//! All SQL of the ledger.

pub mod balance;
mod digest;
mod verify;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, sea_query::Expr,
};

pub use digest::digest;
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
        entry, expiry_notice,
        ids::{AccountId, WalletId},
        lot, movement, wallet,
    },
    error::{Fault, Result},
    viewer::Viewer,
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

/// Lots of a wallet by their numbers.
pub(super) async fn list_lots(txn: &Txn, wallet: WalletId, seqs: Vec<i64>) -> Result<Vec<lot::Model>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let mine = lot::Column::WalletId.eq(wallet).and(lot::Column::Seq.is_in(seqs));
    Ok(lot::Entity::find().filter(mine).all(txn).await?)
}

/// What entry `seq` took, from which lots in the order of use, and what has come back of it.
pub(super) async fn find_taken(txn: &Txn, wallet: WalletId, seq: i64) -> Result<Taken> {
    let entry = entry::Entity::find_by_id((wallet, seq)).one(txn).await?;
    let entry = entry.ok_or_else(|| Fault::Broken(format!("wallet {wallet} has no entry {seq}")))?;
    let reversing = entry::Column::WalletId.eq(wallet).and(entry::Column::ReversesSeq.eq(seq));
    let reversing = entry::Entity::find().filter(reversing).all(txn).await?;
    let sql = Sql::new(
        "SELECT m.lot_seq, -m.quantity AS quantity FROM movements m \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE m.wallet_id = ? AND m.entry_seq = ? AND m.quantity < 0 \
         ORDER BY l.order_at, l.expires_at, l.seq",
    );
    let rows = txn.query_all_raw(sql.bind(wallet).bind(seq).on(txn)).await?;
    let taking = |row: &sea_orm::QueryResult| {
        Ok(Taking { lot_seq: row.try_get("", "lot_seq")?, quantity: row.try_get("", "quantity")? })
    };
    Ok(Taken {
        at: entry.effective_at,
        takings: rows.iter().map(taking).collect::<Result<_>>()?,
        returned: reversing.iter().map(|e| e.available_change).sum(),
        held: entry.held_change + reversing.iter().map(|e| e.held_change).sum::<i64>(),
    })
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

/// The wallets of `accounts`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_wallets_of(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<wallet::Model>> {
    let theirs = wallet::Column::AccountId.is_in(accounts.iter().copied());
    Ok(wallet::Entity::find().filter(theirs).all(db).await?)
}

/// Wallets after `after`, by id, with open lots that expire within `window` (exclusive, inclusive).
pub(super) async fn list_expiring_wallets(
    txn: &Txn,
    window: (Instant, Instant),
    after: Option<WalletId>,
    limit: u64,
) -> Result<Vec<WalletId>> {
    let sql =
        Sql::new("SELECT DISTINCT wallet_id FROM lots WHERE open AND expires_at > ? AND expires_at <= ?");
    let sql = sql.bind(window.0).bind(window.1);
    let sql = match after {
        Some(wallet) => sql.push(Sql::new(" AND wallet_id > ?").bind(wallet)),
        None => sql,
    };
    let sql = sql.push(Sql::new(format!(" ORDER BY wallet_id LIMIT {limit}")));
    let rows = txn.query_all_raw(sql.on(txn)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "wallet_id")?)).collect()
}

/// The open lots of `wallets` that expire within `window` and were not announced `days` ahead, by
/// wallet.
pub(super) async fn list_expiring_lots(
    txn: &Txn,
    window: (Instant, Instant),
    days: i64,
    wallets: &Sql,
) -> Result<Vec<lot::Model>> {
    let sql = Sql::new(
        "SELECT l.* FROM lots l WHERE l.open AND l.expires_at > ? AND l.expires_at <= ? \
         AND NOT EXISTS (SELECT 1 FROM expiry_notices n WHERE n.wallet_id = l.wallet_id \
         AND n.lot_seq = l.seq AND n.threshold_days = ?) AND l.wallet_id IN (",
    );
    let sql = sql.bind(window.0).bind(window.1).bind(days).push(wallets.clone());
    let sql = sql.push(") ORDER BY l.wallet_id, l.seq");
    Ok(lot::Model::find_by_statement(sql.on(txn)).all(txn).await?)
}

/// Notes that `lots` were announced `days` ahead.
pub(super) async fn insert_expiry_notices(txn: &Txn, days: i64, lots: &[lot::Model]) -> Result<()> {
    for chunk in lots.chunks(ROWS_AT_ONCE) {
        let row = |lot: &lot::Model| {
            expiry_notice::Model {
                wallet_id: lot.wallet_id,
                lot_seq: lot.seq,
                threshold_days: days,
                noticed_at: txn.now(),
            }
            .into_active_model()
        };
        let rows = chunk.iter().map(row);
        expiry_notice::Entity::insert_many::<expiry_notice::ActiveModel, _>(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// A sub-select of one `wallet_id` and `quantity`.
pub(super) fn one_sum(wallet: WalletId, quantity: i64) -> Sql {
    let sql = Sql::new("SELECT id AS wallet_id, CAST(? AS BIGINT) AS quantity FROM wallets WHERE id = ?");
    sql.bind(quantity).bind(wallet)
}

/// The least expiry of all open lots after `after`.
pub(super) async fn find_expiry_after(
    db: &impl ConnectionTrait,
    after: Option<Instant>,
) -> Result<Option<Instant>> {
    let Some(after) = after else { return find_next_expiry(db).await };
    let sql =
        Sql::new("SELECT expires_at FROM lots WHERE open AND expires_at > ? ORDER BY expires_at LIMIT 1");
    let row = db.query_one_raw(sql.bind(after).on(db)).await?;
    Ok(row.map(|row| row.try_get("", "expires_at")).transpose()?)
}

/// Wallets that `viewer` may see: his own; all for an admin.
pub fn visible_to(viewer: &Viewer) -> Select<wallet::Entity> {
    if viewer.0.is_admin { wallet::Entity::find() } else { owned_by(viewer.id()) }
}

/// The wallets of `account`.
pub fn owned_by(account: AccountId) -> Select<wallet::Entity> {
    wallet::Entity::find().filter(wallet::Column::AccountId.eq(account))
}

/// Lots of `wallet` that `viewer` may see.
pub fn lots_visible_to(viewer: &Viewer, wallet: WalletId) -> Select<lot::Entity> {
    let visible = visible_to(viewer).select_only().column(wallet::Column::Id).into_query();
    let mine = lot::Column::WalletId.in_subquery(visible);
    lot::Entity::find().filter(lot::Column::WalletId.eq(wallet)).filter(mine)
}

/// Rows of the history of `wallet` that `viewer` may see.
pub fn entries_visible_to(viewer: &Viewer, wallet: WalletId) -> Select<entry::Entity> {
    let visible = visible_to(viewer).select_only().column(wallet::Column::Id).into_query();
    shown_entries(wallet).filter(entry::Column::WalletId.in_subquery(visible))
}

/// Rows of the history of `wallet`: those that change what can be spent (H-7).
pub fn shown_entries(wallet: WalletId) -> Select<entry::Entity> {
    let shown = entry::Column::AvailableChange.ne(0);
    entry::Entity::find().filter(entry::Column::WalletId.eq(wallet)).filter(shown)
}

/// The open lots of `wallet` that have not expired at `now`.
pub fn live_lots(wallet: WalletId, now: Instant) -> Select<lot::Entity> {
    let live = lot::Column::WalletId.eq(wallet).and(lot::Column::ExpiresAt.gt(now));
    lot::Entity::find().filter(live).filter(Expr::cust("lots.open"))
}

/// The wallet with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_wallet(db: &impl ConnectionTrait, id: WalletId) -> Result<Option<wallet::Model>> {
    Ok(wallet::Entity::find_by_id(id).one(db).await?)
}

/// An entry.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_entry(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    seq: i64,
) -> Result<Option<entry::Model>> {
    Ok(entry::Entity::find_by_id((wallet, seq)).one(db).await?)
}

/// An entry and what it moved.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_entry_with_moves(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    seq: i64,
) -> Result<Option<(entry::Model, Vec<movement::Model>)>> {
    let Some(entry) = find_entry(db, wallet, seq).await? else { return Ok(None) };
    Ok(Some((entry, list_moved(db, &[(wallet, seq)]).await?)))
}

/// What moved, by entry and lot: takings, returns, and each lot's own issue.
const MOVED: &str = "SELECT wallet_id, entry_seq, lot_seq, quantity FROM (\
                     SELECT wallet_id, entry_seq, lot_seq, quantity FROM movements UNION ALL \
                     SELECT wallet_id, entry_seq, seq AS lot_seq, quantity FROM lots) AS moved WHERE ";

/// What `entries` moved, by entry and lot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_moved(
    db: &impl ConnectionTrait,
    entries: &[(WalletId, i64)],
) -> Result<Vec<movement::Model>> {
    let sql = Sql::new(MOVED).push("(wallet_id, entry_seq) IN (VALUES ").push(pairs(entries));
    let sql = sql.push(") ORDER BY wallet_id, entry_seq, lot_seq");
    Ok(movement::Model::find_by_statement(sql.on(db)).all(db).await?)
}

/// What moved in or out of a lot, its issue first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_moves_of(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    lot: i64,
) -> Result<Vec<movement::Model>> {
    let sql = Sql::new(MOVED)
        .push(Sql::new("wallet_id = ? AND lot_seq = ? ORDER BY entry_seq").bind(wallet).bind(lot));
    Ok(movement::Model::find_by_statement(sql.on(db)).all(db).await?)
}

/// Lots by wallet and number.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_lots_by_key(
    db: &impl ConnectionTrait,
    keys: &[(WalletId, i64)],
) -> Result<Vec<lot::Model>> {
    let sql = Sql::new("SELECT * FROM lots WHERE (wallet_id, seq) IN (VALUES ").push(pairs(keys)).push(")");
    Ok(lot::Model::find_by_statement(sql.on(db)).all(db).await?)
}

/// `(?, ?), (?, ?)` for all of `keys`.
fn pairs(keys: &[(WalletId, i64)]) -> Sql {
    let mut sql = Sql::default();
    for (index, (wallet, seq)) in keys.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        sql = sql.push(separator).push(Sql::new("(?, ?)").bind(*wallet).bind(*seq));
    }
    sql
}
