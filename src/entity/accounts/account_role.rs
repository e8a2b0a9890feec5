//! A role of a person besides that of an admin (P-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::Role, ids::AccountId};

/// A role of a person besides that of an admin (P-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "account_roles")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Which; never ADMIN, which is a column of the account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
    /// When it was granted.
    pub granted_at: DateTimeUtc,
    /// The admin who granted it.
    pub granted_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
