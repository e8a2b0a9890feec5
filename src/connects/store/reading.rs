//! Reading wallets, lots, entries and movements, for viewers who may see them.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, Select,
    sea_query::Expr,
};

use crate::{
    clock::Instant,
    connects::{change::Drawn, rules::Draw},
    db::{Sql, Txn},
    entity::{
        entry,
        enums::HistoryKind,
        ids::{AccountId, WalletId},
        lot, movement, wallet,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

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

/// Wallets that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<wallet::Entity> {
    if viewer.may(Permission::ReadPeople) { wallet::Entity::find() } else { owned_by(viewer.id()) }
}

/// The wallets of `account`.
pub fn owned_by(account: AccountId) -> Select<wallet::Entity> {
    wallet::Entity::find().filter(wallet::Column::AccountId.eq(account))
}

/// The wallets among `wallets` that `viewer` may see, with everything in them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[WalletId],
) -> Result<Vec<wallet::Model>> {
    Ok(visible_to(viewer).filter(wallet::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// ` AND wallet_id IN (..)`: in the wallets that `viewer` may see, as everything in them.
fn in_visible(viewer: &Viewer) -> Sql {
    if viewer.may(Permission::ReadPeople) {
        return Sql::default();
    }
    Sql::new(" AND wallet_id IN (SELECT id FROM wallets WHERE account_id = :viewer)")
        .bind("viewer", viewer.id())
}

/// Which rows of a history to show; windows look at when things count (H-2, H-5).
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Only what counts after this instant.
    pub after: Option<Instant>,
    /// Only what counts at or after this instant.
    pub from: Option<Instant>,
    /// Only what counts before this instant.
    pub to: Option<Instant>,
    /// Only these kinds.
    pub kinds: Option<Vec<HistoryKind>>,
    /// Only those recorded before the one with this number.
    pub before: Option<i64>,
}

/// Rows of the history of `wallet`: those that change what can be spent (H-7).
pub fn shown_entries(wallet: WalletId, shown: Shown) -> Select<entry::Entity> {
    use entry::Column::{AvailableChange, EffectiveAt, Kind, Seq, WalletId};
    let wanted = Condition::all()
        .add(WalletId.eq(wallet))
        .add(AvailableChange.ne(0))
        .add_option(shown.after.map(|after| EffectiveAt.gt(after)))
        .add_option(shown.from.map(|from| EffectiveAt.gte(from)))
        .add_option(shown.to.map(|to| EffectiveAt.lt(to)))
        .add_option(shown.kinds.map(|kinds| Kind.is_in(kinds)))
        .add_option(shown.before.map(|before| Seq.lt(before)));
    entry::Entity::find().filter(wanted)
}

/// The newest `limit` of those rows, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_newest_entries(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    shown: Shown,
    limit: u64,
) -> Result<Vec<entry::Model>> {
    let mut rows = shown_entries(wallet, shown).cursor_by(entry::Column::Seq);
    Ok(rows.desc().first(limit).all(db).await?)
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

/// An entry and its movements.
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

/// What moved, by entry and lot: draws, returns, and each lot's own issue.
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
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(MOVED).push("(wallet_id, entry_seq) IN (VALUES ").push(pairs(entries));
    let sql = sql.push(") ORDER BY wallet_id, entry_seq, lot_seq");
    Ok(movement::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// What each of `entries` (wallet and number) took, from which lots in the order of use, and what has
/// come back of it.
pub(in crate::connects) async fn list_drawn(
    txn: &Txn,
    entries: &[(WalletId, i64)],
) -> Result<BTreeMap<(WalletId, i64), Drawn>> {
    let mut drawn = BTreeMap::new();
    for entry in list_entries_by_key(txn, entries).await? {
        let held = entry.held_change;
        let fresh = Drawn { at: entry.effective_at, draws: Vec::new(), returned: 0, held };
        drawn.insert((entry.wallet_id, entry.seq), fresh);
    }
    for entry in list_reversing(txn, entries).await? {
        let reversed = entry.reverses_seq.and_then(|seq| drawn.get_mut(&(entry.wallet_id, seq)));
        if let Some(reversed) = reversed {
            reversed.returned += entry.available_change;
            reversed.held += entry.held_change;
        }
    }
    for moved in list_drawn_lots(txn, entries).await? {
        if let Some(entry) = drawn.get_mut(&(moved.wallet_id, moved.entry_seq)) {
            entry.draws.push(Draw { lot_seq: moved.lot_seq, quantity: -moved.quantity });
        }
    }
    Ok(drawn)
}

/// The entries that reverse any of `entries`.
pub(in crate::connects) async fn list_reversing(
    db: &impl ConnectionTrait,
    entries: &[(WalletId, i64)],
) -> Result<Vec<entry::Model>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        Sql::new("SELECT * FROM entries WHERE (wallet_id, reverses_seq) IN (VALUES ").push(pairs(entries));
    Ok(entry::Model::find_by_statement(sql.push(")").on(db)?).all(db).await?)
}

/// The draws of `entries`, each entry's in the order of use (L-3).
pub(in crate::connects) async fn list_drawn_lots(
    db: &impl ConnectionTrait,
    entries: &[(WalletId, i64)],
) -> Result<Vec<movement::Model>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(
        "SELECT m.wallet_id, m.entry_seq, m.lot_seq, m.quantity FROM movements m \
         JOIN lots l ON l.wallet_id = m.wallet_id AND l.seq = m.lot_seq \
         WHERE m.quantity < 0 AND (m.wallet_id, m.entry_seq) IN (VALUES ",
    );
    let sql = sql.push(pairs(entries)).push(") ORDER BY l.order_at, l.expires_at, l.seq");
    Ok(movement::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// What moved in or out of `lots`, the issue of each first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_moves_of(
    db: &impl ConnectionTrait,
    lots: &[(WalletId, i64)],
) -> Result<Vec<movement::Model>> {
    let sql = Sql::new(MOVED).push("(wallet_id, lot_seq) IN (VALUES ").push(pairs(lots));
    let sql = sql.push(") ORDER BY wallet_id, lot_seq, entry_seq");
    Ok(movement::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// Rows of the history by wallet and number (H-7).
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_entries_by_key(
    db: &impl ConnectionTrait,
    keys: &[(WalletId, i64)],
) -> Result<Vec<entry::Model>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(entry::Model::find_by_statement(entries_by_key(keys).on(db)?).all(db).await?)
}

/// Those of the rows with these keys that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_entries(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    keys: &[(WalletId, i64)],
) -> Result<Vec<entry::Model>> {
    let sql = entries_by_key(keys).push(in_visible(viewer));
    Ok(entry::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

fn entries_by_key(keys: &[(WalletId, i64)]) -> Sql {
    let sql = Sql::new("SELECT * FROM entries WHERE available_change <> 0 AND (wallet_id, seq) IN (VALUES ");
    sql.push(pairs(keys)).push(")")
}

/// Lots by wallet and number.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_lots_by_key(
    db: &impl ConnectionTrait,
    keys: &[(WalletId, i64)],
) -> Result<Vec<lot::Model>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(lot::Model::find_by_statement(lots_by_key(keys).on(db)?).all(db).await?)
}

/// Those of the lots with these keys that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_lots(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    keys: &[(WalletId, i64)],
) -> Result<Vec<lot::Model>> {
    let sql = lots_by_key(keys).push(in_visible(viewer));
    Ok(lot::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

fn lots_by_key(keys: &[(WalletId, i64)]) -> Sql {
    Sql::new("SELECT * FROM lots WHERE (wallet_id, seq) IN (VALUES ").push(pairs(keys)).push(")")
}

/// What those of `entries` moved that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_moves(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    entries: &[(WalletId, i64)],
) -> Result<Vec<movement::Model>> {
    let sql = Sql::new(MOVED).push("(wallet_id, entry_seq) IN (VALUES ").push(pairs(entries)).push(")");
    let shown = " AND EXISTS (SELECT 1 FROM entries e WHERE e.wallet_id = moved.wallet_id \
                 AND e.seq = moved.entry_seq AND e.available_change <> 0)";
    let sql = sql.push(in_visible(viewer)).push(shown);
    Ok(movement::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// `(wallet, seq), (wallet, seq)` for all of `keys`.
fn pairs(keys: &[(WalletId, i64)]) -> Sql {
    let mut sql = Sql::default();
    for (index, (wallet, seq)) in keys.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let pair = Sql::new("(:wallet, :seq)").bind("wallet", *wallet).bind("seq", *seq);
        sql = sql.push(separator).push(pair);
    }
    sql
}
