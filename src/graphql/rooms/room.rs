//! Rooms, as both sides see them.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{ids::RoomId, message, room},
    error::Result,
    graphql::{
        contracts::offer::name_of,
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::DateTime,
        },
        proposals::proposal::Proposal,
        rooms::message::Message,
    },
    rooms::store,
};

/// Where client and freelancer talk about a proposal (S-9). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Room(pub room::Model);

impl Kind for Room {
    type Key = RoomId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// Where client and freelancer talk about a proposal (S-9). Visible to both sides, admins and auditors.
#[Object]
impl Room {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The proposal; null if the viewer may not see it any more.
    async fn proposal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Proposal>> {
        request(ctx).show(self.0.proposal_id, Proposal).await
    }

    /// The name of the client.
    async fn client_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.client_id).await
    }

    /// The name of the freelancer.
    async fn freelancer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.freelancer_id).await
    }

    /// When the client opened the room with the first message.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When the last message was sent.
    async fn last_message_at(&self) -> DateTime {
        DateTime(self.0.last_message_at)
    }

    /// The messages, newest first.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Message>> {
        use message::Column::{Id, SentAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &message::Model| (row.sent_at, row.id);
        let rows = store::messages_in(self.0.id);
        Ok(page.load(request(ctx), rows, (SentAt, Id), false, key).await?.map(Message))
    }
}
