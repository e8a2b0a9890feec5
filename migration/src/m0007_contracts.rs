//! Offers, contracts and milestones.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0007_contracts.sql")).await?;
        dialect::refuse_removal(manager, "contracts").await?;
        // What was agreed never changes.
        let fixed = "UPDATE OF id, contract_id, number, amount_cents";
        dialect::refuse(manager, "milestones", fixed, "update").await?;
        dialect::refuse_removal(manager, "milestones").await
    }
}
