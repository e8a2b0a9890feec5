//! Money that a provider collects from a person for a document (B-3).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PaymentFailure, PaymentProvider, PaymentPurpose, PaymentState},
    ids::{AccountId, PaymentId, PaymentMethodId},
};

/// Money that a provider collects from a person for a document (B-3). Its id is the idempotency key with the provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    /// Who pays.
    pub account_id: AccountId,
    /// By which method; absent: from their cash account.
    pub method_id: Option<PaymentMethodId>,
    /// Who collects it.
    pub provider: PaymentProvider,
    /// For what kind of document.
    pub purpose: PaymentPurpose,
    /// Which document.
    pub document_id: Uuid,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// Of which currency.
    pub currency: Currency,
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
    /// What went back to who paid, by refunds, in minor units.
    pub refunded_cents: i64,
    /// What their bank took back, in minor units.
    pub charged_back_cents: i64,
}

impl ActiveModelBehavior for ActiveModel {}
