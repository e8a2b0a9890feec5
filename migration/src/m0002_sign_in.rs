//! Signing in: passwords, sessions, mailed tokens, limits, roles, the audit log and mails.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0002_sign_in.sql")).await?;
        dialect::append_only(manager, "audit_log").await
    }
}
