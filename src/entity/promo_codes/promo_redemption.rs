//! Uses of promo codes (B-5).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::PromoRedemptionState,
    ids::{AccountId, PromoCodeId, PromoRedemptionId, WalletId},
};

/// A use of a promo code by a person (B-5).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "promo_redemptions")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PromoRedemptionId,
    /// Which code.
    pub promo_code_id: PromoCodeId,
    /// By whom.
    pub account_id: AccountId,
    /// The wallet that gets the Connects.
    pub wallet_id: WalletId,
    /// Which of the account's uses it is, from one on; one that was released leaves its number free.
    pub slot: i64,
    /// How it stands.
    pub state: PromoRedemptionState,
    /// The Connects that it gives.
    pub connects: i64,
    /// The discount that it gives, in minor units.
    pub discount_cents: i64,
    /// The entry that issued the Connects.
    pub entry_seq: Option<i64>,
    /// When it was reserved, or used without a payment.
    pub redeemed_at: DateTimeUtc,
    /// When it was used or released.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
