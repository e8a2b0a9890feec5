//! That a lot was announced a number of days before its expiry (L-6).

use sea_orm::entity::prelude::*;

use super::ids::WalletId;

/// That a lot was announced a number of days before its expiry (L-6).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "expiry_notices")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// The lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_seq: i64,
    /// Days ahead.
    #[sea_orm(primary_key, auto_increment = false)]
    pub threshold_days: i64,
    /// When.
    pub noticed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
