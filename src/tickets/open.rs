//! Somebody asks about a document of theirs, or disputes a commission (F-10).

use super::{rejection, rules::Document, store, write::must_not_flood};
use crate::{
    accounts, commissions, connects,
    db::Txn,
    entity::{
        enums::TicketState,
        ids::{AccountId, CommissionId, TicketId, TicketMessageId},
        ticket, ticket_message,
    },
    error::Result,
    payouts,
    viewer::Viewer,
};

/// The most tickets of a person that are not closed.
const TICKETS_AT_MOST: u64 = 20;

/// A ticket to open; texts are checked.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// What it is about.
    pub document: Document,
    /// The same, in a line.
    pub subject: String,
    /// What is asked.
    pub body: String,
    /// Whether the person disputes it, so that nothing locks until the ticket is closed.
    pub is_dispute: bool,
}

/// Opens a ticket of `person` on a document of theirs. Only a pending commission can be disputed.
///
/// # Errors
/// `NOT_FOUND`, `TICKET_OPEN`, `TOO_MANY_TICKETS`, `INVALID_INPUT`, `ILLEGAL_STATE`, `THROTTLED`; `ACCOUNT_CLOSED`.
pub async fn open(txn: &Txn, person: &Viewer, new: NewTicket) -> Result<TicketId> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    // As somebody without a role, who sees nobody else's.
    if !is_of(txn, &Viewer(person.account().clone(), Vec::new()), new.document).await? {
        return Err(rejection::no_such_document().into());
    }
    must_be_another(txn, person.id(), new.document).await?;
    must_not_flood(txn, person.id()).await?;
    let disputed = disputed_by(txn, &new).await?;
    let row = ticket_of(txn, person.id(), &new);
    let (id, message) = (row.id, first_message(&row, new.body));
    store::insert_ticket(txn, row).await?;
    store::insert_message(txn, message).await?;
    if let Some(commission) = disputed {
        commissions::dispute(txn, commission, id).await?;
    }
    Ok(id)
}

/// Checks that `person` has not too many tickets that are not closed, and none on this document.
async fn must_be_another(txn: &Txn, person: AccountId, document: Document) -> Result<()> {
    let unclosed = store::list_unclosed(txn, person).await?;
    let key = document.key();
    if unclosed.iter().any(|row| row.document_kind == document.kind() && row.document == key) {
        return Err(rejection::already_open().into());
    }
    if unclosed.len() as u64 >= TICKETS_AT_MOST {
        return Err(rejection::too_many_tickets(TICKETS_AT_MOST).into());
    }
    Ok(())
}

/// The commission that a ticket disputes, if it does: pending, and locked.
async fn disputed_by(txn: &Txn, new: &NewTicket) -> Result<Option<CommissionId>> {
    match new.document {
        _ if !new.is_dispute => Ok(None),
        Document::Commission(id) => commissions::must_be_disputable(txn, id).await.map(|()| Some(id)),
        _ => Err(rejection::not_disputable().into()),
    }
}

fn ticket_of(txn: &Txn, account_id: AccountId, new: &NewTicket) -> ticket::Model {
    ticket::Model {
        id: TicketId::new(),
        account_id,
        document_kind: new.document.kind(),
        document: new.document.key(),
        is_dispute: new.is_dispute,
        subject: new.subject.clone(),
        state: TicketState::Open,
        opened_at: txn.now(),
        changed_at: txn.now(),
        closed_at: None,
        closed_by: None,
    }
}

fn first_message(ticket: &ticket::Model, body: String) -> ticket_message::Model {
    ticket_message::Model {
        id: TicketMessageId::new(),
        ticket_id: ticket.id,
        author_id: ticket.account_id,
        body,
        written_at: ticket.opened_at,
    }
}

/// Whether `person` sees a document as anyone without a role does.
async fn is_of(txn: &Txn, person: &Viewer, document: Document) -> Result<bool> {
    Ok(match document {
        Document::Commission(id) => !commissions::store::list_visible(txn, person, &[id]).await?.is_empty(),
        Document::Payout(id) => !payouts::store::list_visible(txn, person, &[id]).await?.is_empty(),
        Document::Entry(wallet, seq) => {
            !connects::store::list_visible_entries(txn, person, &[(wallet, seq)]).await?.is_empty()
        }
    })
}
