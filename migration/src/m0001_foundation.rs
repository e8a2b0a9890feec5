//! The foundation: the instance, people, the Connects ledger, memberships, job posts, proposals,
//! notices and scheduled work.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::create_refusal(manager).await?;
        dialect::run(manager, include_str!("m0001_foundation.sql")).await?;
        dialect::append_only(manager, "policies").await?;
        dialect::append_only(manager, "entries").await?;
        dialect::append_only(manager, "movements").await?;
        dialect::refuse_removal(manager, "wallets").await?;
        dialect::refuse_removal(manager, "lots").await?;
        // `remaining` and `open` are a lot's only mutable columns.
        let fixed = "UPDATE OF wallet_id, seq, entry_seq, source, quantity, issued_at, order_at, expires_at, \
                     grace_used";
        dialect::refuse(manager, "lots", fixed, "update").await
    }
}
