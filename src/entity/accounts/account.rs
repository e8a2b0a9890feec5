//! A person (P-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// A person (P-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// E-mail address, lower-cased; unique.
    #[sea_orm(unique)]
    pub email: String,
    /// Name as shown to others.
    pub name: String,
    /// ISO 3166-1 alpha-2 country (P-5).
    pub country: String,
    /// Whether the person has a client profile.
    pub is_client: bool,
    /// Whether the person is an admin.
    pub is_admin: bool,
    /// When the e-mail address was verified.
    pub email_verified_at: Option<DateTimeUtc>,
    /// When the account was created.
    pub created_at: DateTimeUtc,
    /// Raised to end every session of the person at once.
    pub session_version: i64,
    /// When the person was last seen, to the day; absent if not since they registered (M-11).
    pub active_at: Option<DateTimeUtc>,
    /// When personal data was replaced by a pseudonym (P-6).
    pub erased_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
