//! To what a person is paid; the details are encrypted (W-4).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PayoutRail},
    ids::{AccountId, KeyId, PayoutMethodId},
};

/// To what a person is paid; the details are encrypted (W-4).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payout_methods")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutMethodId,
    /// Whose.
    pub account_id: AccountId,
    /// By which way.
    pub rail: PayoutRail,
    /// In which currency.
    pub currency: Currency,
    /// The key that the details are encrypted with.
    pub key_id: KeyId,
    /// The encrypted details; absent once the person was erased.
    pub sealed: Option<String>,
    /// What the person knows it by.
    pub label: String,
    /// When it was set.
    pub set_at: DateTimeUtc,
    /// From when on money goes there.
    pub usable_at: DateTimeUtc,
    /// When another one took its place.
    pub replaced_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
