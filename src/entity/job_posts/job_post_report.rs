//! What a person says against a job post (J-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{ReportReason, ReportState},
    ids::{AccountId, JobPostId, ReportId},
};

/// What a person says against a job post (J-7).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "job_post_reports")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    /// The post.
    pub job_post_id: JobPostId,
    /// Who reports it.
    pub reporter_id: AccountId,
    /// What is wrong with it.
    pub reason: ReportReason,
    /// More words, maybe none.
    pub comment: String,
    /// Where it stands.
    pub state: ReportState,
    /// Why it was decided so.
    pub decision: Option<String>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
