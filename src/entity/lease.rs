//! Who runs a task now.

use sea_orm::entity::prelude::*;

/// Who runs a task now.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "leases")]
pub struct Model {
    /// What is leased.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// By which process.
    pub holder: String,
    /// Until when, by the database's clock; on SQLite by the time since its machine started.
    pub expires_at: DateTimeUtc,
    /// Where an advance of the clock goes.
    pub goal_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
