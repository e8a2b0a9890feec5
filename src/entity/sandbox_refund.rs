//! A refund as the built-in provider of a sandbox knows it: its own truth.

use sea_orm::entity::prelude::*;

use crate::entity::{
    enums::PaymentFailure,
    ids::{PaymentId, RefundId},
};

/// A refund as the built-in provider of a sandbox knows it: its own truth.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sandbox_refunds")]
pub struct Model {
    /// The idempotency key of the refund.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: RefundId,
    /// The charge.
    pub charge_key: PaymentId,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// How often it was asked to refund.
    pub attempts: i64,
    /// Whether it has heard of the refund; otherwise that was lost on the way.
    pub accepted: bool,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// When it was first asked.
    pub refunded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
