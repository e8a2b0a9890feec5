//! How plans are paid: renewals, months that were given, and cycles that people buy.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0021_billing.sql")).await?;
        let fixed = "UPDATE OF wallet_id, seq, plan, source, actor_id, given_at";
        dialect::refuse(manager, "gift_months", fixed, "update").await?;
        dialect::refuse_removal(manager, "gift_months").await?;
        dialect::refuse(manager, "renewals", "UPDATE OF wallet_id, starts_at, plan", "update").await?;
        dialect::refuse_removal(manager, "renewals").await?;
        dialect::refuse(manager, "purchases", "UPDATE OF item, plan", "update_item").await
    }
}
