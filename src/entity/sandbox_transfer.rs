//! What the built-in provider of a sandbox knows of a payout.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PayoutFailure},
    ids::PayoutId,
};

/// What the built-in provider of a sandbox knows of a payout.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "sandbox_transfers")]
pub struct Model {
    /// The key of the payout.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: PayoutId,
    /// To whom.
    pub payee: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: Currency,
    /// How often it was asked.
    pub attempts: i64,
    /// Whether it has heard of it.
    pub accepted: bool,
    /// Why it failed.
    pub failure: Option<PayoutFailure>,
    /// When.
    pub transferred_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
