//! Payouts that leave together in one file (W-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PayoutRail},
    ids::PayoutBatchId,
};

/// Payouts that leave together in one file (W-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payout_batches")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutBatchId,
    /// By which way.
    pub rail: PayoutRail,
    /// In which currency.
    pub currency: Currency,
    /// How many.
    pub payouts: i64,
    /// How much together, in minor units of the currency.
    pub total_minor: i64,
    /// When it was put together.
    pub created_at: DateTimeUtc,
    /// The name of its file.
    pub file: Option<String>,
    /// The name of the draft that became it.
    pub draft: Option<String>,
    /// When the file was complete, as a draft.
    pub written_at: Option<DateTimeUtc>,
    /// When the draft got the name of the file.
    pub published_at: Option<DateTimeUtc>,
    /// When it was noted that nothing of it is paid; the file does not appear any more.
    pub refused_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
