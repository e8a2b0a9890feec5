//! A freelancer's proposal to a job post (S-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::ProposalState,
    ids::{AccountId, JobPostId, ProposalId, WalletId},
};

/// A freelancer's proposal to a job post (S-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
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
    /// The terms: what the freelancer asks for, in minor units, for all or for an hour.
    pub amount_cents: Option<i64>,
    /// Where it stands in its life (S-5).
    pub state: ProposalState,
    /// The end of the offer that it has; absent unless it is offered.
    pub offer_expires_at: Option<DateTimeUtc>,
    /// When the client first wrote to the freelancer (S-9); from then on it is interviewing.
    pub interviewing_since: Option<DateTimeUtc>,
    /// When it was submitted.
    pub submitted_at: DateTimeUtc,
    /// When letter or terms were last edited (S-6).
    pub edited_at: Option<DateTimeUtc>,
    /// When the client first opened it.
    pub viewed_at: Option<DateTimeUtc>,
    /// When the client put it on the short list; absent if it is not there.
    pub shortlisted_at: Option<DateTimeUtc>,
    /// When the client hid it; absent if it is not hidden.
    pub hidden_at: Option<DateTimeUtc>,
    /// When it was declined, withdrawn or archived.
    pub ended_at: Option<DateTimeUtc>,
    /// When what came back for it was reversed, because its client hired the freelancer after all (T-6).
    pub return_reversed_at: Option<DateTimeUtc>,
    /// The reason, in the words of the person who ended it.
    pub ended_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
