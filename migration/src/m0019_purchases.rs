//! Purchases, where buyers are taxed, and lots that a charge-back takes back.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0019_purchases.sql")).await?;
        let fixed = "UPDATE OF id, account_id, wallet_id, quantity, list_cents, discount_cents, net_cents, tax_cents, \
                     total_cents, currency, country, region, tax_name, tax_rate_micros, reverse_charge, policy_version, ordered_at";
        dialect::refuse(manager, "purchases", fixed, "update").await?;
        dialect::refuse_removal(manager, "purchases").await
    }
}
