//! A signed-in device: a family of refresh tokens, of which the current generation counts.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::SessionEnd,
    ids::{AccountId, SessionId},
};

/// A signed-in device: a family of refresh tokens, of which the current generation counts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// The account.
    pub account_id: AccountId,
    /// The account's session version when it began.
    pub version: i64,
    /// How often its token was rotated.
    pub generation: i64,
    /// SHA-256 of the current token, in hex.
    pub token_hash: String,
    /// When it was rotated last, by the wall clock.
    pub rotated_at: DateTimeUtc,
    /// When the person signed in.
    pub created_at: DateTimeUtc,
    /// When it can no longer be refreshed.
    pub expires_at: DateTimeUtc,
    /// When it was ended early.
    pub ended_at: Option<DateTimeUtc>,
    /// Why.
    pub ended_by: Option<SessionEnd>,
}

impl ActiveModelBehavior for ActiveModel {}
