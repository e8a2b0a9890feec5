//! The personal links of freelancers in campaigns (C-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, ReferralCampaignId, ReferralLinkId};

/// The personal link of a freelancer in a campaign (C-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "referral_links")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralLinkId,
    /// What the link ends with.
    #[sea_orm(unique)]
    pub code: String,
    /// In which campaign.
    pub campaign_id: ReferralCampaignId,
    /// Who refers.
    pub referrer_id: AccountId,
    /// When it was issued, and its owner invited.
    pub issued_at: DateTimeUtc,
    /// When its owner was reminded, or when it turned out that there is no need.
    pub reminded_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
