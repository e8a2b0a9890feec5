//! Why a job post was taken down, and what its client says to that (J-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::ids::{AccountId, JobPostId};

/// Why a job post was taken down, and what its client says to that (J-7).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "removals")]
pub struct Model {
    /// The post.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_post_id: JobPostId,
    /// Why.
    pub reason: String,
    /// By whom.
    pub removed_by: AccountId,
    /// When.
    pub removed_at: DateTimeUtc,
    /// What its client says against it.
    pub appeal: Option<String>,
    /// When.
    pub appealed_at: Option<DateTimeUtc>,
    /// What the client was answered.
    pub answer: Option<String>,
    /// By whom.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
