//! The removal of a job post, with its client's appeal (J-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, JobPostId};

/// The removal of a job post, with its client's appeal (J-7).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "removals")]
pub struct Model {
    /// The post.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_post_id: JobPostId,
    /// The reason.
    pub reason: String,
    /// By whom.
    pub removed_by: AccountId,
    /// When.
    pub removed_at: DateTimeUtc,
    /// The client's appeal.
    pub appeal: Option<String>,
    /// When.
    pub appealed_at: Option<DateTimeUtc>,
    /// The answer to the appeal.
    pub answer: Option<String>,
    /// By whom.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
