//! A period [from, until) in which a person is suspended or their account is closed (P-4, P-6).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::RestrictionKind, ids::AccountId};

/// A period [from, until) in which a person is suspended or their account is closed (P-4, P-6).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "restrictions")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Suspended or closed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: RestrictionKind,
    /// First instant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    /// First instant after it; absent while it lasts.
    pub until_at: Option<DateTimeUtc>,
    /// The reason, for the audit.
    pub reason: String,
    /// Who decided: an admin or support, or the person themselves.
    pub actor_id: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
