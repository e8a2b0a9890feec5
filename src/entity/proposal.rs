//! A freelancer's proposal to a job post (S-1).

use sea_orm::entity::prelude::*;

use super::{
    enums::ProposalState,
    ids::{AccountId, JobPostId, ProposalId, WalletId},
};

/// A freelancer's proposal to a job post (S-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "proposals")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    /// The job post.
    pub job_post_id: JobPostId,
    /// The freelancer.
    pub freelancer_id: AccountId,
    /// The wallet that paid.
    pub wallet_id: WalletId,
    /// Letter to the client.
    pub cover_letter: String,
    /// Connects charged (S-2).
    pub connects_charged: i64,
    /// The entry that charged them; absent for a free one.
    pub entry_seq: Option<i64>,
    /// Where it stands in its life (S-5).
    pub state: ProposalState,
    /// When it was submitted.
    pub submitted_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
