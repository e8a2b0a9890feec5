//! Where a buyer is taxed, beyond their country (B-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// Where a buyer is taxed, beyond their country (B-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "billing_details")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The region within the account's country, as ISO 3166-2 has it after the dash.
    pub region: Option<String>,
    /// The tax id, which companies have.
    pub tax_id: Option<String>,
    /// When they were set.
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
