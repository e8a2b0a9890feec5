//! Refunds, charge-backs and disputes.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0008_refunds.sql")).await?;
        let agreed = "UPDATE OF id, contract_id, number, amount_cents";
        dialect::refuse(manager, "milestones", agreed, "update").await?;
        dialect::refuse_removal(manager, "milestones").await?;
        let asked = "UPDATE OF id, payment_id, amount_cents, currency, begun_at";
        dialect::refuse(manager, "refunds", asked, "update").await?;
        dialect::refuse_removal(manager, "refunds").await?;
        dialect::refuse_removal(manager, "disputes").await?;
        dialect::append_only(manager, "chargebacks").await
    }
}
