//! A wallet's billing cycle (M-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::WalletId;

/// A wallet's billing cycle (M-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Day of the month on which cycles start (M-3).
    pub anchor_day: i64,
    /// When the current cycle started.
    pub cycle_started_at: DateTimeUtc,
    /// When the next cycle starts and its Connects are issued (M-4).
    pub next_grant_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
