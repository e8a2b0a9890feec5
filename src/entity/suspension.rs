//! A period [from, until) in which an account is suspended (P-4).

use sea_orm::entity::prelude::*;

use super::ids::AccountId;

/// A period [from, until) in which an account is suspended (P-4).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suspensions")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// First instant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    /// First instant after it; absent while it lasts.
    pub until_at: Option<DateTimeUtc>,
    /// Why, for the audit.
    pub reason: String,
    /// The admin who decided.
    pub actor_id: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
