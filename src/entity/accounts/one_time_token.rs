//! A token that goes out by mail and works once.

use sea_orm::entity::prelude::*;

use crate::entity::{
    enums::TokenPurpose,
    ids::{AccountId, OneTimeTokenId},
};

/// A token that goes out by mail and works once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OneTimeTokenId,
    /// The account.
    pub account_id: AccountId,
    /// What it is used for.
    pub purpose: TokenPurpose,
    /// When it was made, by the wall clock.
    pub created_at: DateTimeUtc,
    /// When it expires.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
