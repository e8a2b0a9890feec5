//! A person's way to pay, which a provider keeps.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::PaymentProvider,
    ids::{AccountId, PaymentMethodId},
};

/// A person's way to pay, which a provider keeps; here is its token, and nothing of a card.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payment_methods")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentMethodId,
    /// Whose.
    pub account_id: AccountId,
    /// Who keeps it.
    pub provider: PaymentProvider,
    /// The provider's token for it.
    pub token: String,
    /// What the person knows it by, such as "Visa ending in 4242".
    pub label: String,
    /// Whether it is the one that renewals are charged to (M-7).
    pub is_primary: bool,
    /// When it was added.
    pub added_at: DateTimeUtc,
    /// When it was removed.
    pub removed_at: Option<DateTimeUtc>,
    /// When the provider forgot it, once it was removed.
    pub forgotten_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
