//! Which draft of a file of payouts counts, and approvals that were used.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0017_drafts.sql")).await?;
        dialect::allow(manager, "payout_approvals", "update").await?;
        let fixed = "UPDATE OF digest, admin_id, approved_at";
        dialect::refuse(manager, "payout_approvals", fixed, "update").await
    }
}
