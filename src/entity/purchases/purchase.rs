//! What a person buys: Connects, or a cycle of a plan (B-3, M-6, M-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, MembershipPlan, PurchaseItem, PurchaseState},
    ids::{AccountId, PromoRedemptionId, PurchaseId, WalletId},
};

/// What a person buys: Connects, or a cycle of a plan with its paid part (B-3, M-6, M-7). Amounts are in minor units.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "purchases")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PurchaseId,
    /// Who buys.
    pub account_id: AccountId,
    /// The wallet that gets them.
    pub wallet_id: WalletId,
    /// How many Connects; of a cycle, its paid part.
    pub quantity: i64,
    /// What they cost before a discount.
    pub list_cents: i64,
    /// The discount.
    pub discount_cents: i64,
    /// What they cost after it, before tax.
    pub net_cents: i64,
    /// The tax on that.
    pub tax_cents: i64,
    /// What is paid.
    pub total_cents: i64,
    /// In which currency.
    pub currency: Currency,
    /// The buyer's country, as ISO 3166-1 alpha-2 has it.
    pub country: String,
    /// The buyer's region, as ISO 3166-2 has it after the dash.
    pub region: Option<String>,
    /// The buyer's tax id.
    pub tax_id: Option<String>,
    /// What the receipt calls the tax; absent where there is none.
    pub tax_name: Option<String>,
    /// The tax rate that was applied, in millionths.
    pub tax_rate_micros: i64,
    /// Whether the buyer accounts for the tax, because they have a tax id.
    pub reverse_charge: bool,
    /// The policy version that the price and the tax are from.
    pub policy_version: i64,
    /// Where it stands.
    pub state: PurchaseState,
    /// The entry that issued the Connects; absent until it is paid.
    pub entry_seq: Option<i64>,
    /// When it was ordered.
    pub ordered_at: DateTimeUtc,
    /// When it was paid or failed.
    pub ended_at: Option<DateTimeUtc>,
    /// When it became known that a bank took the payment back.
    pub charged_back_at: Option<DateTimeUtc>,
    /// When an admin let the buyer buy again although a bank took this back (B-4).
    pub excused_at: Option<DateTimeUtc>,
    /// What is bought.
    pub item: PurchaseItem,
    /// The plan, for a cycle of one.
    pub plan: Option<MembershipPlan>,
    /// When that cycle starts; for an upgrade, once it is paid.
    pub cycle_starts_at: Option<DateTimeUtc>,
    /// The use of a promo code that came with it (B-5).
    pub promo_redemption_id: Option<PromoRedemptionId>,
}

impl ActiveModelBehavior for ActiveModel {}
