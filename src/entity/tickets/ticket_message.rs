//! Something that was written about a ticket (F-10).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, TicketId, TicketMessageId};

/// Something that was written about a ticket (F-10).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_messages")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketMessageId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// Who wrote it.
    pub author_id: AccountId,
    /// The text.
    pub body: String,
    /// When.
    pub written_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
