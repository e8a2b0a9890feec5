//! A one-time reward that a person has had, by a keyed hash of the person.

use sea_orm::entity::prelude::*;

use crate::entity::enums::HistoryKind;

/// A one-time reward that a person has had, by a keyed hash of the person.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reward_claims")]
pub struct Model {
    /// The reward.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: HistoryKind,
    /// HMAC of the normalised e-mail.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_hash: String,
    /// When it was claimed.
    pub claimed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
