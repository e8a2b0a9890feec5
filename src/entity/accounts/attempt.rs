//! Recent attempts of a limited kind on one subject.

use sea_orm::entity::prelude::*;

use crate::entity::enums::AttemptKind;

/// Recent attempts of a limited kind on one subject.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    /// The kind of attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: AttemptKind,
    /// The keyed hash of the subject.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The times, in microseconds by the wall clock, oldest first.
    pub times: Json,
    /// When the last attempt was made.
    pub last_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
