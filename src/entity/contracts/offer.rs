//! A client's offer to a freelancer (O-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, JobCategory, OfferState},
    ids::{AccountId, JobPostId, OfferId, ProjectId, ProposalId},
    values::Parts,
};

/// A client's offer to a freelancer (O-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "offers")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    /// For which job; absent if it is for none.
    pub job_post_id: Option<JobPostId>,
    /// The proposal that it answers; absent: it is a direct offer.
    pub proposal_id: Option<ProposalId>,
    /// The project that was ordered (O-3).
    pub project_id: Option<ProjectId>,
    /// What the project said then.
    pub project_description: Option<String>,
    /// From whom.
    pub client_id: AccountId,
    /// To whom.
    pub freelancer_id: AccountId,
    /// The title that the contract will have.
    pub title: String,
    /// A message to the freelancer.
    pub message: String,
    /// The milestones that the contract will have.
    pub milestones: Parts,
    /// What an hour costs, in minor units; absent: it has milestones.
    pub hourly_cents: Option<i64>,
    /// The category of an offer without a job post.
    pub category: Option<JobCategory>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Where it stands.
    pub state: OfferState,
    /// When it was sent.
    pub sent_at: DateTimeUtc,
    /// It can be accepted strictly before this instant.
    pub expires_at: DateTimeUtc,
    /// When it was accepted, declined or withdrawn, or expired.
    pub ended_at: Option<DateTimeUtc>,
    /// The reason, in the words of the person who ended it.
    pub ended_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
