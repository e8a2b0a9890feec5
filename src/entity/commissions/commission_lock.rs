//! What of a commission locked at the end of a month (F-6).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, CommissionId, CommissionLockId, PayoutId};

/// What of a commission locked at the end of a month (F-6).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "commission_locks")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommissionLockId,
    /// The commission.
    pub commission_id: CommissionId,
    /// Who earns it.
    pub affiliate_id: AccountId,
    /// The end of the month.
    pub locked_at: DateTimeUtc,
    /// What had been released by then and not taken back, in minor units.
    pub released_cents: i64,
    /// What locked, in minor units.
    pub amount_cents: i64,
    /// When it is due.
    pub due_at: DateTimeUtc,
    /// The payout that pays it, unless that failed.
    pub payout_id: Option<PayoutId>,
    /// When it was paid, by a payout that did not come back.
    pub paid_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
