//! Months of plans that were given to people (M-10, M-13).

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    clock::Instant,
    db::Txn,
    entity::{gift_month, ids::WalletId},
    error::Result,
};

/// The months that were given to `wallet`, the first one first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_gift_months(db: &impl ConnectionTrait, wallet: WalletId) -> Result<Vec<gift_month::Model>> {
    use gift_month::Column::{Seq, WalletId as Wallet};
    Ok(gift_month::Entity::find().filter(Wallet.eq(wallet)).order_by_asc(Seq).all(db).await?)
}

/// How many of the months that were given to each of `wallets` are left; nothing for those who have none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_gift_months(
    db: &impl ConnectionTrait,
    wallets: &[WalletId],
) -> Result<Vec<(WalletId, i64)>> {
    use gift_month::Column::{Seq, UsedAt, WalletId as Wallet};
    let left = gift_month::Entity::find().filter(Wallet.is_in(wallets.iter().copied()));
    let left = left.filter(UsedAt.is_null()).select_only().column(Wallet).column_as(Seq.count(), "left");
    Ok(left.group_by(Wallet).into_tuple().all(db).await?)
}

pub(in crate::memberships) async fn insert_gift_months(
    txn: &Txn,
    rows: Vec<gift_month::Model>,
) -> Result<()> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    gift_month::Entity::insert_many::<gift_month::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Uses the month `seq` of `wallet` for the cycle that starts at `at`.
pub(in crate::memberships) async fn use_gift(
    txn: &Txn,
    wallet: WalletId,
    seq: i64,
    at: Instant,
) -> Result<()> {
    use gift_month::Column::{Seq, UsedAt, WalletId as Wallet};
    gift_month::Entity::update_many()
        .col_expr(UsedAt, Expr::value(at))
        .filter(Wallet.eq(wallet))
        .filter(Seq.eq(seq))
        .exec(txn)
        .await?;
    Ok(())
}
