//! Payouts: to what people are paid, what was paid, and in which files it went out.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0014_payouts.sql")).await?;
        for table in ["payout_approvals", "payout_items"] {
            dialect::append_only(manager, table).await?;
        }
        dialect::refuse(
            manager,
            "payouts",
            "UPDATE OF id, purpose, account_id, amount_cents, created_at",
            "update",
        )
        .await?;
        dialect::refuse(
            manager,
            "payout_methods",
            "UPDATE OF id, account_id, rail, currency, set_at",
            "update",
        )
        .await?;
        for table in ["payouts", "payout_methods", "payout_batches"] {
            dialect::refuse_removal(manager, table).await?;
        }
        Ok(())
    }
}
