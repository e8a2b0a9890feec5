//! Affiliates under review: suspensions as periods.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0015_reviews.sql")).await?;
        dialect::refuse(
            manager,
            "affiliate_suspensions",
            "UPDATE OF affiliate_id, suspended_at",
            "update",
        )
        .await?;
        dialect::refuse_removal(manager, "affiliate_suspensions").await
    }
}
