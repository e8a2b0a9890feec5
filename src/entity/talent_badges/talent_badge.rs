//! Talent badges of freelancers (K-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::TalentBadgeKind,
    ids::{AccountId, TalentBadgeId},
};

/// A talent badge that a freelancer has or had (K-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "talent_badges")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalentBadgeId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Which badge.
    pub kind: TalentBadgeKind,
    /// From when on.
    pub awarded_at: DateTimeUtc,
    /// Until when; absent while they have it.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
