//! How many Connects an entry took from (negative) or gave back to (positive) a lot.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::WalletId;

/// How many Connects an entry took from (negative) or gave back to (positive) a lot.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "movements")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_seq: i64,
    /// The lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_seq: i64,
    /// Connects given back, or, negative, taken.
    pub quantity: i64,
}

impl ActiveModelBehavior for ActiveModel {}
