//! The announcement of a lot a number of days before its expiry (L-6).

use sea_orm::entity::prelude::*;

use crate::entity::ids::WalletId;

/// The announcement of a lot a number of days before its expiry (L-6).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "expiry_notices")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// The lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_seq: i64,
    /// Days ahead.
    #[sea_orm(primary_key, auto_increment = false)]
    pub threshold_days: i64,
    /// When it was made.
    pub noticed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
