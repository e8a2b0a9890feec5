//! What somebody asks about a document of theirs (F-10).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{TicketDocumentKind, TicketState},
    ids::{AccountId, TicketId},
};

/// What somebody asks about a document of theirs (F-10).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// Who asks.
    pub account_id: AccountId,
    /// About which kind of document.
    pub document_kind: TicketDocumentKind,
    /// The key of the document within its kind.
    pub document: String,
    /// Whether the person disputes it.
    pub is_dispute: bool,
    /// What it is about, in a line.
    pub subject: String,
    /// Where it stands.
    pub state: TicketState,
    /// When it was opened.
    pub opened_at: DateTimeUtc,
    /// When something was last written, or it was closed.
    pub changed_at: DateTimeUtc,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// By whom.
    pub closed_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
