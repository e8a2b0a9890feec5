//! The cash journal.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0005_cash.sql")).await?;
        dialect::append_only(manager, "cash_transactions").await?;
        dialect::append_only(manager, "cash_postings").await?;
        dialect::refuse_removal(manager, "cash_accounts").await?;
        // The balance and the place of the last posting are all that changes of an account.
        let fixed = "UPDATE OF id, kind, holder, account_id, contract_id, currency, created_at";
        dialect::refuse(manager, "cash_accounts", fixed, "update").await
    }
}
