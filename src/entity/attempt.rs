//! When something was tried that may only be tried so often.

use sea_orm::entity::prelude::*;

use super::enums::AttemptKind;

/// When something was tried that may only be tried so often.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    /// What was tried.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: AttemptKind,
    /// On what, as a keyed hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// When, in microseconds by the wall clock, oldest first.
    pub times: Json,
    /// When last.
    pub last_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
