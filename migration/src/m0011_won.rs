//! Charge-backs that the bank gives back, what a project said when it was ordered, and cards that the provider forgets.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::allow(manager, "chargebacks", "update").await?;
        dialect::run(manager, include_str!("m0011_won.sql")).await?;
        let told = "UPDATE OF id, payment_id, provider, reference, amount_cents, currency, charged_back_at, recorded_at, \
                    escrow_cents, reversed_cents, fee_cents";
        dialect::refuse(manager, "chargebacks", told, "update").await?;
        dialect::refuse(manager, "offers", "UPDATE OF project_id", "other_project").await
    }
}
