//! When an affiliate wants to be paid (F-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::PayoutSchedule, ids::AccountId};

/// When an affiliate wants to be paid (F-7).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payout_preferences")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// When.
    pub schedule: PayoutSchedule,
    /// How much must be due, in minor units, if that decides.
    pub threshold_cents: Option<i64>,
    /// When they last said so.
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
