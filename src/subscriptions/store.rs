//! All SQL of subscriptions.

mod checks;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

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
    let upgrades = pending(wallet).filter(purchase::Column::CycleStartsAt.is_null());
    Ok(upgrades.limit(1).one(db).await?.is_some())
}

/// Whether a cycle of `wallet` is being paid, of an upgrade or of a renewal.
pub(super) async fn has_pending_cycle(db: &impl ConnectionTrait, wallet: WalletId) -> Result<bool> {
    Ok(pending(wallet).limit(1).one(db).await?.is_some())
}

fn pending(wallet: WalletId) -> Select<purchase::Entity> {
    use purchase::Column::{Item, State, WalletId as Wallet};
    purchase::Entity::find()
        .filter(Wallet.eq(wallet))
        .filter(Item.eq(PurchaseItem::Membership))
        .filter(State.eq(PurchaseState::Pending))
}
