//! All SQL of the ledger.

mod announcing;
pub mod balance;
mod checks;
mod granting;
mod lookups;
mod posting;
mod reaches;
mod reading;
mod revoking;
mod sections;
mod wallet_set;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub(super) use announcing::*;
pub use balance::{Totals, totals};
pub use checks::CHECKS;
pub(super) use granting::*;
pub use lookups::NewestOf;
pub(super) use posting::*;
pub use reaches::REACHES;
pub use reading::*;
pub use revoking::list_lots_issued_by;
pub(super) use revoking::{list_issued, list_revocations};
pub use sections::SECTIONS;
pub use wallet_set::WalletSet;

use super::rules::OpenLot;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        entry,
        ids::{AccountId, WalletId},
        lot, wallet,
    },
    error::Result,
    notifications::WalletSums,
};

/// Maximum rows of one INSERT, well below the databases' limits on bound values.
const ROWS_AT_ONCE: usize = 500;

/// Locks the wallets that `ids` names, in the order of their ids, and reads them.
pub(super) async fn lock_wallets(txn: &Txn, ids: &WalletSet) -> Result<Vec<wallet::Model>> {
    let sql = Sql::new("SELECT * FROM wallets WHERE id IN (").push(ids.ids()).push(") ORDER BY id");
    let sql = sql.push(txn.for_update());
    Ok(wallet::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Locks the wallets that `ids` names, in the order of their ids, without reading them.
///
/// # Errors
/// When the database refuses.
pub async fn lock_all(txn: &Txn, ids: &WalletSet) -> Result<()> {
    if txn.for_update().is_empty() {
        // SQLite's only writer has locked them all.
        return Ok(());
    }
    let sql = Sql::new("SELECT COUNT(*) AS count FROM (SELECT id FROM wallets WHERE id IN (")
        .push(ids.ids())
        .push(") ORDER BY id")
        .push(txn.for_update())
        .push(") AS locked");
    txn.query_one_raw(sql.on(txn)?).await?;
    Ok(())
}

/// As [`lock_all`]; returns the least expiry of all their open lots.
pub(super) async fn lock_and_find_expiry(txn: &Txn, ids: &WalletSet) -> Result<Option<Instant>> {
    let sql = Sql::new(
        "SELECT MIN(next_expiry_at) AS at FROM (SELECT id, next_expiry_at FROM wallets WHERE id IN (",
    )
    .push(ids.ids())
    .push(") ORDER BY id")
    .push(txn.for_update())
    .push(") AS locked");
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}

/// The open lots of the wallets that `ids` names.
pub(super) async fn list_open_lots(txn: &Txn, ids: &WalletSet) -> Result<Vec<lot::Model>> {
    let sql = Sql::new("SELECT * FROM lots WHERE open AND wallet_id IN (").push(ids.ids()).push(")");
    Ok(lot::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Wallets that have lots expired by `now`, those whose lots expired first coming first.
pub(super) async fn list_wallets_with_expired_lots(
    txn: &Txn,
    now: Instant,
    limit: u64,
) -> Result<Vec<WalletId>> {
    let sql = Sql::new(format!(
        "SELECT DISTINCT wallet_id FROM (SELECT wallet_id FROM lots WHERE open AND expires_at <= :now \
         ORDER BY expires_at, wallet_id LIMIT {limit}) AS due"
    ));
    let rows = txn.query_all_raw(sql.bind("now", now).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "wallet_id")?)).collect()
}

/// The earliest expiry of all open lots.
pub(super) async fn find_next_expiry(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT expires_at FROM lots WHERE open ORDER BY expires_at LIMIT 1");
    let row = db.query_one_raw(sql.on(db)?).await?;
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

/// What the entries with these business keys sum to in each of `wallets`, the last that were made there.
pub fn sums_of_last(business_keys: &[String], wallets: &WalletSet) -> WalletSums {
    let keys = Sql::list(business_keys.iter().map(String::as_str));
    let several = business_keys.len() > 1;
    let sum = if several { "CAST(SUM(e.available_change) AS BIGINT)" } else { "e.available_change" };
    let sums = Sql::new(format!(
        "SELECT w.account_id, w.id AS wallet_id, {sum} AS quantity FROM wallets w JOIN entries e \
         ON e.wallet_id = w.id AND e.seq > w.last_entry_seq - {} AND e.business_key IN (",
        business_keys.len()
    ));
    let sums = sums.push(keys).push(") WHERE w.id IN (").push(wallets.ids()).push(")");
    WalletSums::select(if several { sums.push(" GROUP BY w.id, w.account_id") } else { sums })
}

/// The wallet of `account`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_wallet_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<wallet::Model>> {
    Ok(wallet::Entity::find().filter(wallet::Column::AccountId.eq(account)).one(db).await?)
}

/// The number of the entry of `wallet` with this business key.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_entry_seq(db: &impl ConnectionTrait, wallet: WalletId, key: &str) -> Result<Option<i64>> {
    use entry::Column::{BusinessKey, WalletId as Wallet};
    let this = entry::Entity::find().filter(Wallet.eq(wallet)).filter(BusinessKey.eq(key));
    Ok(this.one(db).await?.map(|row| row.seq))
}

/// Inserts an empty wallet.
pub(super) async fn insert_wallet(txn: &Txn, wallet: wallet::Model) -> Result<()> {
    wallet::Entity::insert(wallet.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
