//! An operator's switch for a task; a task without a row runs.

use sea_orm::entity::prelude::*;

use crate::entity::ids::AccountId;

/// An operator's switch for a task; a task without a row runs.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task_states")]
pub struct Model {
    /// Which task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// When it was paused; absent if it is not paused.
    pub paused_at: Option<DateTimeUtc>,
    /// Who paused it.
    pub paused_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
