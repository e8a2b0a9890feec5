//! What is stored about a person and exported to them (P-6): their tickets, and what was written to them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::tickets_of;
use crate::{
    db::{Rows, Section},
    entity::{ticket, ticket_message},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[TICKET, MESSAGE];

const TICKET: &Rows<ticket::Entity> = {
    use ticket::Column::*;
    &Rows {
        kind: "TICKET",
        columns: &[Id, DocumentKind, Document, IsDispute, Subject, State, OpenedAt, ChangedAt, ClosedAt],
        of: |whose| tickets_of(whose.account),
    }
};

const MESSAGE: &Rows<ticket_message::Entity> = {
    use ticket_message::Column::*;
    &Rows {
        kind: "TICKET_MESSAGE",
        columns: &[Id, TicketId, AuthorId, Body, WrittenAt],
        of: |whose| {
            let theirs = tickets_of(whose.account).select_only().column(ticket::Column::Id).into_query();
            ticket_message::Entity::find().filter(TicketId.in_subquery(theirs))
        },
    }
};
