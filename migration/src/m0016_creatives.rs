//! Creatives: what affiliates put on their pages.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0016_creatives.sql")).await?;
        dialect::refuse(manager, "creatives", "UPDATE OF id, kind, published_at, published_by", "update")
            .await?;
        dialect::refuse_removal(manager, "creatives").await
    }
}
