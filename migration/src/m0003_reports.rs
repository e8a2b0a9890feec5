//! Reports of job posts, removals and appeals; the full-text index of job posts.

use sea_orm_migration::prelude::*;

use crate::{dialect, search};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0003_reports.sql")).await?;
        search::index_job_posts(manager).await
    }
}
