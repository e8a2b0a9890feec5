//! Money of a payment that goes back to who paid (O-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PaymentFailure, PaymentProvider, PaymentState},
    ids::{PaymentId, RefundId},
};

/// Money of a payment that goes back to who paid (O-2). Its id is the idempotency key with the provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// Who collected it, and pays it back.
    pub provider: PaymentProvider,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// Of which currency.
    pub currency: Currency,
    /// Why, in the words of who gives it back.
    pub reason: String,
    /// Where it stands.
    pub state: PaymentState,
    /// Why it failed.
    pub failure: Option<PaymentFailure>,
    /// The provider's own name for it.
    pub reference: Option<String>,
    /// How often the provider was asked for it.
    pub attempts: i64,
    /// When the provider is asked next what became of it.
    pub ask_at: Option<DateTimeUtc>,
    /// When it began.
    pub begun_at: DateTimeUtc,
    /// When it was paid or failed.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
