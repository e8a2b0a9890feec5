//! Opening tickets, writing to them, and closing them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    graphql::{
        commissions::commission::Commission,
        connects::history::HistoryEntry,
        kit::{
            ids::{IdOf, Kind, Pair},
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
        payouts::payout::Payout,
        tickets::ticket::Ticket,
    },
    input,
    tickets::{self, NewTicket, rejection, rules::Document},
};

/// Input of `openTicket`.
#[derive(Debug, InputObject, Serialize)]
pub struct OpenTicketInput {
    /// What the ticket is about: a commission, a payout or a history entry of this person.
    document_id: ID,
    /// The same, in one line of 1 to 100 characters.
    subject: String,
    /// The question, 1 to 4,000 characters.
    body: String,
    /// Whether the person disputes a pending commission: nothing of it locks until the ticket is closed.
    #[graphql(default)]
    dispute: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

impl OpenTicketInput {
    fn document(&self) -> Option<Document> {
        let id = self.document_id.as_str();
        let entry = || HistoryEntry::key_in(id).map(|Pair(wallet, seq)| Document::Entry(wallet, seq));
        let commission = Commission::key_in(id).map(Document::Commission);
        commission.or_else(|| Payout::key_in(id).map(Document::Payout)).or_else(entry)
    }
}

/// Result of `openTicket`.
#[derive(SimpleObject)]
pub struct OpenTicketPayload {
    /// The ticket; null if the request was refused.
    ticket: Option<Ticket>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `writeToTicket`.
#[derive(Debug, InputObject, Serialize)]
pub struct WriteToTicketInput {
    /// The ticket.
    ticket_id: IdOf<Ticket>,
    /// The text, 1 to 4,000 characters.
    body: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `writeToTicket`.
#[derive(SimpleObject)]
pub struct WriteToTicketPayload {
    /// The ticket; null if the request was refused.
    ticket: Option<Ticket>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `closeTicket`.
#[derive(Debug, InputObject, Serialize)]
pub struct CloseTicketInput {
    /// The ticket.
    ticket_id: IdOf<Ticket>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `closeTicket`.
#[derive(SimpleObject)]
pub struct CloseTicketPayload {
    /// The ticket; null if the request was refused.
    ticket: Option<Ticket>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Tickets.
#[derive(Default)]
pub struct TicketMutation;

#[Object]
impl TicketMutation {
    /// Asks support about a commission, a payout or a history entry of this person, or disputes a pending commission, which
    /// locks later then (F-10).
    async fn open_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document and the question.")] input: OpenTicketInput,
    ) -> Answer<OpenTicketPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let new = NewTicket {
                document: input.document().ok_or_else(rejection::no_such_document)?,
                subject: input::line("subject", &input.subject, 1, 100)?,
                body: input::text("body", &input.body, 1, 4_000)?,
                is_dispute: input.dispute,
            };
            tickets::open(txn, person, new).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(OpenTicketPayload { ticket: Ticket::visible(ctx, id).await?, outcome })
    }

    /// Writes to a ticket (F-10). For the person who opened it, admins and support.
    async fn write_to_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ticket and the text.")] input: WriteToTicketInput,
    ) -> Answer<WriteToTicketPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let body = input::text("body", &input.body, 1, 4_000)?;
            tickets::write(txn, person, input.ticket_id.key()?, &body).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WriteToTicketPayload { ticket: Ticket::visible(ctx, id).await?, outcome })
    }

    /// Closes a ticket, for good. What it disputes can lock from then on (F-10). For the person who opened it, admins and
    /// support.
    async fn close_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ticket.")] input: CloseTicketInput,
    ) -> Answer<CloseTicketPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            tickets::close(txn, person, input.ticket_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(CloseTicketPayload { ticket: Ticket::visible(ctx, id).await?, outcome })
    }
}
