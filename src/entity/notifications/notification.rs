//! A notification to a person (N-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::NotificationKind,
    ids::{AccountId, JobPostId, WalletId},
};

/// A notification to a person (N-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    /// To whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// What makes notifying twice notifying once.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What it is about.
    pub kind: NotificationKind,
    /// The wallet concerned, if one is.
    pub wallet_id: Option<WalletId>,
    /// The job post concerned, if one is.
    pub job_post_id: Option<JobPostId>,
    /// The title of the post, if one is concerned.
    pub subject: Option<String>,
    /// Connects concerned, if any are.
    pub quantity: Option<i64>,
    /// What else the sentence says, such as the reason that was given.
    pub facts: Option<Json>,
    /// The instant it is about: the start of a cycle, or the first expiry.
    pub about_at: DateTimeUtc,
    /// Days ahead, for an expiry notice.
    pub threshold_days: Option<i64>,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When the person read it.
    pub read_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
