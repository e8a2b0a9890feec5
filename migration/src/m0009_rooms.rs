//! Rooms and messages.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m0009_rooms.sql")).await?;
        let fixed = "UPDATE OF id, proposal_id, job_post_id, client_id, freelancer_id, opened_at";
        dialect::refuse(manager, "rooms", fixed, "update").await?;
        dialect::refuse_removal(manager, "rooms").await?;
        // The words go when a person's data is erased; who wrote when stays.
        let fixed = "UPDATE OF id, room_id, author_id, sent_at";
        dialect::refuse(manager, "messages", fixed, "update").await?;
        dialect::refuse_removal(manager, "messages").await
    }
}
