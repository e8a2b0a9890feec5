//! Payment methods, payments, and what the sandbox's provider knows.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0006_payments.sql")).await?;
        let fixed = "UPDATE OF id, account_id, method_id, provider, purpose, document_id, amount_cents, currency, begun_at";
        dialect::refuse(manager, "payments", fixed, "update").await?;
        dialect::refuse_removal(manager, "payments").await
    }
}
