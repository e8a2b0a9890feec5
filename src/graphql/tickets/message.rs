//! What was written to a ticket.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{ids::TicketMessageId, ticket_message},
    error::Result,
    graphql::{
        contracts::offer::name_of,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::DateTime,
        },
        tickets::ticket::Ticket,
    },
    tickets::store,
};

/// Something that was written to a ticket (F-10). Visible like the ticket.
#[derive(Clone)]
pub struct TicketMessage(pub ticket_message::Model);

impl Kind for TicketMessage {
    type Key = TicketMessageId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_messages(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// Something that was written to a ticket (F-10). Visible like the ticket.
#[Object]
impl TicketMessage {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The ticket.
    async fn ticket(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Ticket>> {
        request(ctx).show(self.0.ticket_id, Ticket).await
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

    /// When it was written.
    async fn written_at(&self) -> DateTime {
        DateTime(self.0.written_at)
    }
}
