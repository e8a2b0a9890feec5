//! The one row that says which clock this database uses.

use sea_orm::entity::prelude::*;

use super::enums::ClockKind;

/// The one row that says which clock this database uses.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "instance")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// System or sandbox time, decided when the database is created.
    pub clock: ClockKind,
    /// The current sandbox time; absent in system time.
    pub sandbox_now: Option<DateTimeUtc>,
    /// The signing secret of a sandbox on PostgreSQL, shared by all its processes.
    pub sandbox_secret: Option<String>,
    /// The mark of the secret from which all keys were derived before they had a table; absent in a database that had
    /// that table from the beginning.
    pub secret_mark: Option<String>,
    /// When this database got its keys; absent until it has some.
    pub keys_made_at: Option<DateTimeUtc>,
    /// The last instant at which a task was rung for in system time.
    pub seen_at: Option<DateTimeUtc>,
    /// When the demo was created; absent when there is none.
    pub demo_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
