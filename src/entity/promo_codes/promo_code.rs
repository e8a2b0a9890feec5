//! Promo codes (B-5).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::PromoKind,
    ids::{AccountId, PromoCodeId},
    values::{Countries, Plans},
};

/// A promo code (B-5). What it gives never changes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "promo_codes")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PromoCodeId,
    /// What people type, in upper case.
    pub code: String,
    /// What it gives.
    pub kind: PromoKind,
    /// How much: Connects, hundredths of a percent, minor units of USD, or months, by kind.
    pub amount: i64,
    /// How often all can use it; absent for any number.
    pub max_uses: Option<i64>,
    /// How often one account can.
    pub per_account: i64,
    /// The least that a purchase costs before the discount, in minor units.
    pub minimum_cents: i64,
    /// On which plans it can be used; none for all.
    pub plans: Plans,
    /// In which countries; none for all.
    pub countries: Countries,
    /// From when on.
    pub starts_at: DateTimeUtc,
    /// Until when; absent for ever.
    pub ends_at: Option<DateTimeUtc>,
    /// How often it is used, or kept for a payment that is under way.
    pub uses: i64,
    /// Who made it.
    pub actor_id: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
