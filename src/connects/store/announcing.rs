//! The SQL of notifying owners before their Connects expire (L-6).

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel};

use super::{ROWS_AT_ONCE, WalletSet, find_next_expiry};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{expiry_notice, ids::WalletId, lot},
    error::Result,
    notifications::WalletSums,
};

/// Wallets after `after`, by id, with open lots that expire within `window` (exclusive, inclusive).
pub(in crate::connects) async fn list_expiring_wallets(
    txn: &Txn,
    window: (Instant, Instant),
    after: Option<WalletId>,
    limit: u64,
) -> Result<Vec<WalletId>> {
    let sql = Sql::new(
        "SELECT DISTINCT wallet_id FROM lots WHERE open AND expires_at > :after AND expires_at <= :until",
    );
    let sql = sql.bind("after", window.0).bind("until", window.1);
    let sql = match after {
        Some(wallet) => sql.push(Sql::new(" AND wallet_id > :wallet").bind("wallet", wallet)),
        None => sql,
    };
    let sql = sql.push(format!(" ORDER BY wallet_id LIMIT {limit}"));
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "wallet_id")?)).collect()
}

/// The open lots of `wallets` that expire within `window` and were not announced `days` ahead, by
/// wallet.
pub(in crate::connects) async fn list_expiring_lots(
    txn: &Txn,
    window: (Instant, Instant),
    days: i64,
    wallets: &WalletSet,
) -> Result<Vec<lot::Model>> {
    let sql = Sql::new(
        "SELECT l.* FROM lots l WHERE l.open AND l.expires_at > :after AND l.expires_at <= :until \
         AND NOT EXISTS (SELECT 1 FROM expiry_notices n WHERE n.wallet_id = l.wallet_id \
         AND n.lot_seq = l.seq AND n.threshold_days = :days) AND l.wallet_id IN (",
    );
    let sql = sql.bind("after", window.0).bind("until", window.1).bind("days", days).push(wallets.ids());
    let sql = sql.push(") ORDER BY l.wallet_id, l.seq");
    Ok(lot::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Records that `lots` were announced `days` ahead.
pub(in crate::connects) async fn insert_expiry_notices(
    txn: &Txn,
    days: i64,
    lots: &[lot::Model],
) -> Result<()> {
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

/// `quantity` in one `wallet`.
pub(in crate::connects) fn sum_of(wallet: WalletId, quantity: i64) -> WalletSums {
    let sql = Sql::new(
        "SELECT account_id, id AS wallet_id, CAST(:quantity AS BIGINT) AS quantity FROM wallets WHERE id = :wallet",
    );
    WalletSums::select(sql.bind("quantity", quantity).bind("wallet", wallet))
}

/// The earliest expiry of all open lots after `after`.
pub(in crate::connects) async fn find_expiry_after(
    db: &impl ConnectionTrait,
    after: Option<Instant>,
) -> Result<Option<Instant>> {
    let Some(after) = after else { return find_next_expiry(db).await };
    let sql = Sql::new(
        "SELECT expires_at FROM lots WHERE open AND expires_at > :after ORDER BY expires_at LIMIT 1",
    );
    let row = db.query_one_raw(sql.bind("after", after).on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "expires_at")).transpose()?)
}
