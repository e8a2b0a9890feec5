//! What somebody asks about a document of theirs.

use async_graphql::{Context, ID, Object, Union};

use crate::{
    entity::{enums::TicketState, ids::TicketId, ticket, ticket_message},
    error::Result,
    graphql::{
        accounts::account::Account,
        commissions::commission::Commission,
        connects::{history::HistoryEntry, loaders::EntryOf},
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::DateTime,
        },
        payouts::payout::Payout,
        tickets::message::TicketMessage,
    },
    tickets::{rules::Document, store},
};

/// What somebody asks about a document of theirs (F-10). Visible to that person, to admins, support and auditors.
#[derive(Clone)]
pub struct Ticket(pub ticket::Model);

impl Kind for Ticket {
    type Key = TicketId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// What a ticket is about.
#[derive(Union)]
#[allow(clippy::large_enum_variant)]
pub enum TicketDocument {
    /// A commission.
    Commission(Commission),
    /// A payout.
    Payout(Payout),
    /// An entry of the Connects history.
    HistoryEntry(HistoryEntry),
}

/// What somebody asks about a document of theirs (F-10). Visible to that person, to admins, support and auditors.
#[Object]
impl Ticket {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// Who asks; null unless the viewer may see them.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        request(ctx).show(self.0.account_id, Account).await
    }

    /// What it is about; null if the viewer may not see that.
    async fn document(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<TicketDocument>> {
        let request = request(ctx);
        match Document::of(self.0.document_kind, &self.0.document)? {
            Document::Commission(id) => {
                request.show(id, |row| TicketDocument::Commission(Commission(row))).await
            }
            Document::Payout(id) => request.show(id, |row| TicketDocument::Payout(Payout(row))).await,
            Document::Entry(wallet, seq) => {
                let entry = |row| TicketDocument::HistoryEntry(HistoryEntry::new(row));
                request.show(EntryOf(wallet, seq), entry).await
            }
        }
    }

    /// Whether the person disputes it: nothing of a disputed commission locks until the ticket is closed.
    async fn is_dispute(&self) -> bool {
        self.0.is_dispute
    }

    /// What it is about, in a line.
    async fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The state of the ticket.
    async fn state(&self) -> TicketState {
        self.0.state
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When something was last written to it, or it was closed.
    async fn changed_at(&self) -> DateTime {
        DateTime(self.0.changed_at)
    }

    /// When it was closed; null until then.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// What was written to it, oldest first.
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<TicketMessage>> {
        use ticket_message::Column::{Id, WrittenAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &ticket_message::Model| (row.written_at, row.id);
        let rows = store::messages_of(self.0.id);
        Ok(page.load(request(ctx), rows, (WrittenAt, Id), true, key).await?.map(TicketMessage))
    }
}
