//! Campaigns in which freelancers refer friends (C-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{JobCategory, TalentBadgeKind},
    ids::{AccountId, ReferralCampaignId},
};

/// A campaign in which freelancers refer friends (C-1). Its terms never change.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "referral_campaigns")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralCampaignId,
    /// Its name.
    pub name: String,
    /// The category in which a friend's earnings count; absent: all.
    pub category: Option<JobCategory>,
    /// The country of those who may refer; absent: any.
    pub country: Option<String>,
    /// The badge that they need, or a higher one; absent: none.
    pub badge: Option<TalentBadgeKind>,
    /// From when on people are referred.
    pub opens_at: DateTimeUtc,
    /// Before this instant friends register and reach the threshold: 00:00 UTC after the day of the deadline (C-5).
    pub closes_at: DateTimeUtc,
    /// What a friend must earn, in minor units of USD.
    pub threshold_cents: i64,
    /// The reward for the referrer, in minor units of USD.
    pub reward_cents: i64,
    /// Months of PLUS for the friend.
    pub gift_months: i64,
    /// What all rewards may cost, in minor units of USD.
    pub budget_cents: i64,
    /// What of it is reserved or paid.
    pub reserved_cents: i64,
    /// When an admin ended it.
    pub ended_at: Option<DateTimeUtc>,
    /// The admin who made it; absent for the example.
    pub actor_id: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether people are referred at `at`.
    pub fn is_open(&self, at: DateTimeUtc) -> bool {
        self.opens_at <= at && at < self.closes_at && self.ended_at.is_none_or(|end| at < end)
    }
}
