//! A locked part of a commission that a payout pays.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{CommissionLockId, PayoutId};

/// A locked part of a commission that a payout pays.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payout_items")]
pub struct Model {
    /// The payout.
    #[sea_orm(primary_key, auto_increment = false)]
    pub payout_id: PayoutId,
    /// The part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lock_id: CommissionLockId,
    /// How much, in minor units.
    pub amount_cents: i64,
}

impl ActiveModelBehavior for ActiveModel {}
