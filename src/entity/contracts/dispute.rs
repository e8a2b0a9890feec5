//! Two sides who do not agree on a milestone, until an admin decides (O-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::DisputeState,
    ids::{AccountId, DisputeId, MilestoneId},
};

/// Two sides who do not agree on a milestone, until an admin decides (O-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "disputes")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisputeId,
    /// The milestone.
    pub milestone_id: MilestoneId,
    /// Who opened it.
    pub opened_by: AccountId,
    /// Why, in their words.
    pub reason: String,
    /// Where it stands.
    pub state: DisputeState,
    /// When it was opened.
    pub opened_at: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// The admin who decided it.
    pub decided_by: Option<AccountId>,
    /// Their reasons.
    pub decision: Option<String>,
    /// What the decision gives back to the client, in minor units.
    pub refund_cents: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
