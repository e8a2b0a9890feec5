//! All SQL of subscriptions.

mod checks;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

pub use checks::CHECKS;

use crate::{
    entity::{
        enums::{PurchaseItem, PurchaseState},
        ids::WalletId,
        purchase,
    },
    error::Result,
};

/// Whether an upgrade of `wallet` is being paid.
pub(super) async fn has_pending_upgrade(db: &impl ConnectionTrait, wallet: WalletId) -> Result<bool> {
    use purchase::Column::{CycleStartsAt, Item, State, WalletId as Wallet};
    let pending = purchase::Entity::find()
        .filter(Wallet.eq(wallet))
        .filter(Item.eq(PurchaseItem::Membership))
        .filter(State.eq(PurchaseState::Pending))
        .filter(CycleStartsAt.is_null());
    Ok(pending.limit(1).one(db).await?.is_some())
}
