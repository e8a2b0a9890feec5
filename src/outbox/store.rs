//! All SQL of notices.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::NotificationKind,
        ids::AccountId,
        notification::{self, Column, Entity},
    },
    error::Result,
};

/// What to tell the owners of some wallets.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it is about.
    pub kind: NotificationKind,
    /// Unique for the person.
    pub key: String,
    /// The instant it is about.
    pub about_at: Instant,
    /// Days ahead, for an expiry notice.
    pub threshold_days: Option<i64>,
}

/// Tells each owner of a wallet; `wallets` selects `wallet_id` and `quantity`. Returns how many were
/// told that had not been.
///
/// # Errors
/// When the database refuses.
pub async fn tell(txn: &Txn, notice: &Notice, wallets: Sql) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO notifications \
         (account_id, key, kind, wallet_id, quantity, about_at, threshold_days, created_at) \
         SELECT w.account_id, ?, ?, w.id, x.quantity, ?, ?, ? FROM (",
    )
    .bind(notice.key.as_str())
    .bind(notice.kind.as_str())
    .bind(notice.about_at)
    .bind(notice.threshold_days)
    .bind(txn.now())
    .push(wallets)
    .push(") AS x JOIN wallets w ON w.id = x.wallet_id WHERE x.quantity > 0 ON CONFLICT (account_id, key) DO NOTHING");
    txn.run(sql).await
}

/// What `viewer` has been told.
pub fn visible_to(viewer: AccountId) -> Select<Entity> {
    notification::Entity::find().filter(Column::AccountId.eq(viewer))
}
