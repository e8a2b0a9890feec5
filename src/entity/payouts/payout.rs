//! Money that goes out to a person (W-1). Its id is the key with the provider.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, PayoutFailure, PayoutHold, PayoutProvider, PayoutPurpose, PayoutState},
    ids::{AccountId, PayoutBatchId, PayoutId, PayoutMethodId},
};

/// Money that goes out to a person (W-1). Its id is the key with the provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payouts")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PayoutId,
    /// What it pays.
    pub purpose: PayoutPurpose,
    /// To whom.
    pub account_id: AccountId,
    /// How much, in minor units.
    pub amount_cents: i64,
    /// The currency of that.
    pub currency: Currency,
    /// Where it stands.
    pub state: PayoutState,
    /// What stands in its way.
    pub hold: Option<PayoutHold>,
    /// Why it failed.
    pub failure: Option<PayoutFailure>,
    /// Where to.
    pub method_id: Option<PayoutMethodId>,
    /// Who carries it out.
    pub provider: Option<PayoutProvider>,
    /// In which batch.
    pub batch_id: Option<PayoutBatchId>,
    /// The currency that the person gets (W-5).
    pub paid_currency: Option<Currency>,
    /// What they get, in minor units of that.
    pub paid_minor: Option<i64>,
    /// Millionths of that currency for a dollar.
    pub rate_micros: Option<i64>,
    /// Who says so.
    pub rate_source: Option<String>,
    /// What the provider calls it.
    pub reference: Option<String>,
    /// How often the provider was asked.
    pub attempts: i64,
    /// When the provider is asked next.
    pub ask_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it first went out.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was paid or failed.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
