//! A person in the affiliate programme (F-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::AffiliateState, ids::AccountId};

/// A person in the affiliate programme (F-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "affiliates")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Where they stand.
    pub state: AffiliateState,
    /// Where they promote the platform.
    pub website: String,
    /// How, in their words.
    pub promotion: String,
    /// Which version of the terms they accepted.
    pub terms_version: i64,
    /// When they applied last.
    pub applied_at: DateTimeUtc,
    /// When the last decision was made.
    pub decided_at: Option<DateTimeUtc>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// Why, in words to the affiliate.
    pub reason: Option<String>,
    /// When they were last suspended or terminated (F-8).
    pub suspended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
