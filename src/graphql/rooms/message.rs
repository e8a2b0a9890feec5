//! Messages, as both sides see them.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{ids::MessageId, message},
    error::Result,
    graphql::{
        contracts::offer::name_of,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::DateTime,
        },
        rooms::room::Room,
    },
    rooms::store,
};

/// A message in a room (S-9). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Message(pub message::Model);

impl Kind for Message {
    type Key = MessageId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_messages(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A message in a room (S-9). Visible to both sides, admins and auditors.
#[Object]
impl Message {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The room.
    async fn room(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Room>> {
        request(ctx).show(self.0.room_id, Room).await
    }

    /// The name of the person who wrote it.
    async fn author_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.author_id).await
    }

    /// Whether the viewer wrote it.
    async fn is_mine(&self, ctx: &Context<'_>) -> bool {
        request(ctx).viewer.as_ref().is_some_and(|viewer| viewer.id() == self.0.author_id)
    }

    /// The text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was sent.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }
}
