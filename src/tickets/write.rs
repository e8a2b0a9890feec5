//! Both sides write to a ticket, and close it (F-10).

use chrono::TimeDelta;

use super::{
    notifications::{answered, closed},
    rejection,
    rules::{self, TicketMove},
    store,
};
use crate::{
    accounts,
    audit::{self, Record},
    commissions,
    db::Txn,
    entity::{
        enums::AuditAction,
        ids::{AccountId, TicketId, TicketMessageId},
        ticket, ticket_message,
    },
    error::Result,
    notifications::notify,
    viewer::{Permission, Viewer},
};

/// The most messages that a person may write to all tickets within an hour; support may write more.
const MESSAGES_AN_HOUR: u64 = 30;

/// Writes to a ticket, as the person who opened it or as support.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `THROTTLED`; `ACCOUNT_CLOSED`.
pub async fn write(txn: &Txn, person: &Viewer, id: TicketId, body: &str) -> Result<TicketId> {
    let (row, as_owner) = lock(txn, person, id).await?;
    let way = if as_owner { TicketMove::Ask } else { TicketMove::Answer };
    let state = rules::moved(row.state, way)?;
    if as_owner {
        must_not_flood(txn, person.id()).await?;
    }
    // A clock that is late writes nothing into the past.
    let written_at = txn.now().max(row.changed_at);
    let message = TicketMessageId::new();
    let said = ticket_message::Model {
        id: message,
        ticket_id: id,
        author_id: person.id(),
        body: body.to_owned(),
        written_at,
    };
    store::insert_message(txn, said).await?;
    let told = (!as_owner).then(|| answered(&row, message, written_at));
    store::update_ticket(txn, ticket::Model { state, changed_at: written_at, ..row }).await?;
    notify(txn, told.into_iter().collect()).await?;
    Ok(id)
}

/// Closes a ticket, as the person who opened it or as support. What it disputes can lock from then on.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn close(txn: &Txn, person: &Viewer, id: TicketId) -> Result<TicketId> {
    let (row, as_owner) = lock(txn, person, id).await?;
    let state = rules::moved(row.state, TicketMove::Close)?;
    let at = txn.now().max(row.changed_at);
    if row.is_dispute {
        commissions::settle_dispute(txn, id).await?;
    }
    if !as_owner {
        let done = Record::new(AuditAction::TicketClosed, Some(person.id())).to(row.account_id);
        audit::record(txn, done.with(serde_json::json!({ "ticket": id, "isDispute": row.is_dispute })))
            .await?;
        notify(txn, vec![closed(&row, at)]).await?;
    }
    let closed =
        ticket::Model { state, changed_at: at, closed_at: Some(at), closed_by: Some(person.id()), ..row };
    store::update_ticket(txn, closed).await?;
    Ok(id)
}

/// The ticket, locked, and whether `person` opened it.
async fn lock(txn: &Txn, person: &Viewer, id: TicketId) -> Result<(ticket::Model, bool)> {
    let may_answer = person.may(Permission::AnswerTickets);
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    let row = store::lock_ticket(txn, id).await?.ok_or_else(rejection::no_such_ticket)?;
    match row.account_id == person.id() {
        false if !may_answer => Err(rejection::no_such_ticket().into()),
        as_owner => Ok((row, as_owner)),
    }
}

/// Checks that somebody has not written too much to support.
pub(super) async fn must_not_flood(txn: &Txn, author: AccountId) -> Result<()> {
    let hour = TimeDelta::hours(1);
    match store::find_nth_message(txn, author, txn.now() - hour, MESSAGES_AN_HOUR).await? {
        None => Ok(()),
        Some(written_at) => {
            let wait = written_at + hour - txn.now();
            Err(rejection::too_many_messages(MESSAGES_AN_HOUR, wait.num_seconds() + 1).into())
        }
    }
}
