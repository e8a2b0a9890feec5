//! A version of the policy document.

use sea_orm::entity::prelude::*;

use super::ids::AccountId;

/// A version of the policy document.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "policies")]
pub struct Model {
    /// Counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// In force from this instant until the next version's.
    pub effective_from: DateTimeUtc,
    /// The document, as in `policy.toml`.
    pub document: Json,
    /// The account that changed it; absent for the first version, which the system wrote.
    pub actor_id: Option<AccountId>,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
