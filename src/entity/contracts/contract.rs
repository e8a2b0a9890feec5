//! A contract between a client and a freelancer (O-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{ContractState, Currency, JobCategory},
    ids::{AccountId, ContractId, JobPostId, OfferId, ProposalId},
};

/// A contract between a client and a freelancer: what an accepted offer becomes (O-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContractId,
    /// The offer that was accepted.
    pub offer_id: OfferId,
    /// For which job; absent if it is for none.
    pub job_post_id: Option<JobPostId>,
    /// The proposal that won it, if there was one.
    pub proposal_id: Option<ProposalId>,
    /// Who pays.
    pub client_id: AccountId,
    /// Who works.
    pub freelancer_id: AccountId,
    /// Its title.
    pub title: String,
    /// The category of the post at that time, or of the offer if there is no post (C-5).
    pub category: JobCategory,
    /// What an hour costs, in minor units; absent: it has milestones.
    pub hourly_cents: Option<i64>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Where it stands.
    pub state: ContractState,
    /// When the offer was accepted.
    pub started_at: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
