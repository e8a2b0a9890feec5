//! The one row that says which time this database lives in.

use sea_orm::entity::prelude::*;

use super::enums::ClockKind;

/// The one row that says which time this database lives in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "instance")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// System or sandbox time, decided when the database is born.
    pub clock: ClockKind,
    /// Where sandbox time stands; absent in system time.
    pub sandbox_now: Option<DateTimeUtc>,
    /// The signing secret of a sandbox on PostgreSQL, shared by all its processes.
    pub sandbox_secret: Option<String>,
    /// What only the secret of this database makes (`Keys::mark`); absent until one is used.
    pub secret_mark: Option<String>,
    /// The last instant at which a task was rung for in system time.
    pub seen_at: Option<DateTimeUtc>,
    /// When the demo was made; absent where there is none.
    pub demo_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
