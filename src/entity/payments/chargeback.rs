//! What a bank took back of a payment (O-5).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PaymentProvider},
    ids::{ChargebackId, PaymentId},
};

/// What a bank took back of a payment, as the provider says it (O-5).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "chargebacks")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChargebackId,
    /// The payment.
    pub payment_id: PaymentId,
    /// Who collected it.
    pub provider: PaymentProvider,
    /// The provider's own name for it.
    pub reference: String,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// Of which currency.
    pub currency: Currency,
    /// When the bank took it.
    pub charged_back_at: DateTimeUtc,
    /// When it was written down.
    pub recorded_at: DateTimeUtc,
    /// What of it was taken out of escrow, in minor units.
    pub escrow_cents: i64,
    /// What of it was taken out of what had been released, the fee included, or sold, the tax included, in minor units.
    pub reversed_cents: i64,
    /// The fee or the tax in that, in minor units.
    pub fee_cents: i64,
    /// What of it is in escrow again, because the bank gave it back, in minor units.
    pub restored_cents: i64,
    /// When it was written down that the bank gave it back.
    pub won_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
