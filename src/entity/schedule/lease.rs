//! The lease of a task, held by the process that runs it.

use sea_orm::entity::prelude::*;

/// The lease of a task, held by the process that runs it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "leases")]
pub struct Model {
    /// What is leased.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The process that holds it.
    pub holder: String,
    /// When it expires, by the database's clock; on SQLite by the time since its machine started.
    pub expires_at: DateTimeUtc,
    /// The goal of an advance of the clock.
    pub goal_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
