//! One run of a task.

use sea_orm::entity::prelude::*;

use crate::entity::{
    enums::{TaskRunOutcome, TaskTrigger},
    ids::{AccountId, TaskRunId},
};

/// One run of a task.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task_runs")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskRunId,
    /// The task.
    pub task: String,
    /// What triggered it.
    pub trigger: TaskTrigger,
    /// The occurrence of the timetable that it belongs to.
    pub due_at: DateTimeUtc,
    /// The business time it ran at.
    pub business_now: DateTimeUtc,
    /// When it started, by the wall clock.
    pub started_at: DateTimeUtc,
    /// When it ended, by the wall clock.
    pub finished_at: Option<DateTimeUtc>,
    /// How it ended.
    pub outcome: TaskRunOutcome,
    /// The counts of what it did.
    pub counts: Json,
    /// Why it failed, as one sentence.
    pub error: Option<String>,
    /// The person who asked for it, if any.
    pub actor_id: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
