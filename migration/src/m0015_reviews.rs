//! Affiliates under review: suspensions as periods, flags, tickets, and disputes over commissions.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0015_reviews.sql")).await?;
        for (table, columns) in [
            ("affiliate_suspensions", "UPDATE OF affiliate_id, suspended_at"),
            ("affiliate_flags", "UPDATE OF id, client_id, affiliate_id, kind, evidence, raised_at"),
            ("tickets", "UPDATE OF id, account_id, document_kind, document, is_dispute, opened_at"),
            ("ticket_messages", "UPDATE OF id, ticket_id, author_id, written_at"),
            ("commission_disputes", "UPDATE OF ticket_id, commission_id, disputed_at"),
        ] {
            dialect::refuse(manager, table, columns, "update").await?;
            dialect::refuse_removal(manager, table).await?;
        }
        Ok(())
    }
}
