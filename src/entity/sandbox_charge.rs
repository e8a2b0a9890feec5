//! A charge as the built-in provider of a sandbox knows it: its own truth.

use sea_orm::entity::prelude::*;

use crate::entity::{
    enums::{Currency, PaymentFailure},
    ids::PaymentId,
};

/// A charge as the built-in provider of a sandbox knows it: its own truth.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sandbox_charges")]
pub struct Model {
    /// The idempotency key of the charge.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: PaymentId,
    /// The token of the payment method.
    pub token: String,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// Of which currency.
    pub currency: Currency,
    /// How often it was asked to charge.
    pub attempts: i64,
    /// Whether it has heard of the charge; otherwise that was lost on the way.
    pub accepted: bool,
    /// Why it declined.
    pub failure: Option<PaymentFailure>,
    /// When it was first asked.
    pub charged_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
