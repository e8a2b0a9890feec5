//! The SQL of rooms and messages as lists show them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::visible_to;
use crate::{
    entity::{
        ids::{MessageId, ProposalId, RoomId},
        message, room,
    },
    error::Result,
    viewer::Viewer,
};

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[RoomId],
) -> Result<Vec<room::Model>> {
    Ok(visible_to(viewer).filter(room::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The rooms of these proposals, as far as `viewer` may see them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_of_proposals(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    proposals: &[ProposalId],
) -> Result<Vec<room::Model>> {
    let theirs = room::Column::ProposalId.is_in(proposals.iter().copied());
    Ok(visible_to(viewer).filter(theirs).all(db).await?)
}

/// The messages in a room, which the viewer may see.
pub fn messages_in(room: RoomId) -> Select<message::Entity> {
    message::Entity::find().filter(message::Column::RoomId.eq(room))
}

/// Those messages of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_messages(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[MessageId],
) -> Result<Vec<message::Model>> {
    let seen = visible_to(viewer).select_only().column(room::Column::Id).into_query();
    let these = message::Entity::find().filter(message::Column::Id.is_in(ids.iter().copied()));
    Ok(these.filter(message::Column::RoomId.in_subquery(seen)).all(db).await?)
}
