//! A message in a room (S-9).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, MessageId, RoomId};

/// A message in a room (S-9).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// The room.
    pub room_id: RoomId,
    /// Who wrote it.
    pub author_id: AccountId,
    /// Its words.
    pub body: String,
    /// When it was sent; never changes.
    pub sent_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
