//! An idempotency key that a person has used for a mutation, with the remembered outcome.

use sea_orm::entity::prelude::*;

use super::ids::AccountId;

/// An idempotency key that a person has used for a mutation, with the remembered outcome.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Which mutation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mutation: String,
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Hash of the canonical input.
    pub arguments_hash: String,
    /// Ids of what was made, and facts that later change.
    pub outcome: Option<Json>,
    /// When, by the wall clock.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
