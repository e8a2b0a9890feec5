//! What a payment provider sent by itself (B-3).

use sea_orm::entity::prelude::*;

use crate::entity::enums::PaymentProvider;

/// What a payment provider sent by itself (B-3).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_events")]
pub struct Model {
    /// Who sent it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: PaymentProvider,
    /// The provider's own name for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    /// When it was received, in real time.
    pub received_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
