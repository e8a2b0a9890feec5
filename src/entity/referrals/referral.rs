//! Friends who registered through a freelancer's link (C-2, C-3).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{ReferralReason, ReferralState},
    ids::{AccountId, ReferralCampaignId, ReferralId, ReferralLinkId},
};

/// A friend who registered through a freelancer's link (C-2, C-3). A person is referred once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "referrals")]
pub struct Model {
    /// The friend.
    #[sea_orm(primary_key, auto_increment = false)]
    pub friend_id: AccountId,
    /// Identity.
    #[sea_orm(unique)]
    pub id: ReferralId,
    /// In which campaign.
    pub campaign_id: ReferralCampaignId,
    /// By which link.
    pub link_id: ReferralLinkId,
    /// Whose it is.
    pub referrer_id: AccountId,
    /// When the friend registered.
    pub registered_at: DateTimeUtc,
    /// How it stands.
    pub state: ReferralState,
    /// Why there is no reward.
    pub reason: Option<ReferralReason>,
    /// When the friend's earnings reached the threshold.
    pub reached_at: Option<DateTimeUtc>,
    /// When the reward is due.
    pub due_at: Option<DateTimeUtc>,
    /// When it was paid, or when it was clear that there is none.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
