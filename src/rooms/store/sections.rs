//! What is stored about a person and exported to them (P-6): their rooms, and the messages in them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::rooms_of;
use crate::{
    db::{Rows, Section},
    entity::{message, room},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[ROOM, MESSAGE];

const ROOM: &Rows<room::Entity> = {
    use room::Column::*;
    &Rows {
        kind: "ROOM",
        columns: &[Id, ProposalId, JobPostId, ClientId, FreelancerId, OpenedAt, LastMessageAt],
        of: |whose| rooms_of(whose.account),
    }
};

const MESSAGE: &Rows<message::Entity> = {
    use message::Column::*;
    &Rows {
        kind: "MESSAGE",
        columns: &[Id, RoomId, AuthorId, Body, SentAt],
        of: |whose| {
            let theirs = rooms_of(whose.account).select_only().column(room::Column::Id).into_query();
            message::Entity::find().filter(RoomId.in_subquery(theirs))
        },
    }
};
