//! Where client and freelancer talk about a proposal (S-9).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, JobPostId, ProposalId, RoomId};

/// Where client and freelancer talk about a proposal (S-9).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "rooms")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoomId,
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Its job post.
    pub job_post_id: JobPostId,
    /// Who opened the room.
    pub client_id: AccountId,
    /// Who proposed.
    pub freelancer_id: AccountId,
    /// When the client sent the first message.
    pub opened_at: DateTimeUtc,
    /// When the last message was sent.
    pub last_message_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
