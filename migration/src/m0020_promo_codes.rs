//! Promo codes and their uses.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0020_promo_codes.sql")).await?;
        let fixed = "UPDATE OF id, code, kind, amount, max_uses, per_account, minimum_cents, plans, countries, starts_at, \
                     actor_id, created_at";
        dialect::refuse(manager, "promo_codes", fixed, "update").await?;
        dialect::refuse_removal(manager, "promo_codes").await?;
        let fixed =
            "UPDATE OF id, promo_code_id, account_id, wallet_id, slot, connects, discount_cents, redeemed_at";
        dialect::refuse(manager, "promo_redemptions", fixed, "update").await?;
        dialect::refuse_removal(manager, "promo_redemptions").await?;
        dialect::refuse(manager, "purchases", "UPDATE OF promo_redemption_id", "update_promo").await
    }
}
