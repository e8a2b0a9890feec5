//! All SQL of tickets.

mod checks;
mod sections;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

pub use checks::CHECKS;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::TicketState,
        ids::{AccountId, TicketId, TicketMessageId},
        ticket, ticket_message,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The tickets of `person`.
pub fn tickets_of(person: AccountId) -> Select<ticket::Entity> {
    ticket::Entity::find().filter(ticket::Column::AccountId.eq(person))
}

/// Tickets that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<ticket::Entity> {
    if viewer.may(Permission::ReadPeople) { ticket::Entity::find() } else { tickets_of(viewer.id()) }
}

/// Those of `rows` in `state`, if that is given.
pub fn only_in(rows: Select<ticket::Entity>, state: Option<TicketState>) -> Select<ticket::Entity> {
    rows.filter(Condition::all().add_option(state.map(|state| ticket::Column::State.eq(state))))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[TicketId],
) -> Result<Vec<ticket::Model>> {
    Ok(visible_to(viewer).filter(ticket::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// What was written to a ticket.
pub fn messages_of(ticket: TicketId) -> Select<ticket_message::Entity> {
    ticket_message::Entity::find().filter(ticket_message::Column::TicketId.eq(ticket))
}

/// Those of the messages `ids` whose tickets `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_messages(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[TicketMessageId],
) -> Result<Vec<ticket_message::Model>> {
    use ticket_message::Column::{Id, TicketId};
    let seen = visible_to(viewer).select_only().column(ticket::Column::Id).into_query();
    let these = ticket_message::Entity::find().filter(Id.is_in(ids.iter().copied()));
    Ok(these.filter(TicketId.in_subquery(seen)).all(db).await?)
}

/// The tickets of `person` that are not closed.
pub(super) async fn list_unclosed(txn: &Txn, person: AccountId) -> Result<Vec<ticket::Model>> {
    Ok(tickets_of(person).filter(ticket::Column::State.ne(TicketState::Closed)).all(txn).await?)
}

pub(super) async fn lock_ticket(txn: &Txn, id: TicketId) -> Result<Option<ticket::Model>> {
    let sql = Sql::new("SELECT * FROM tickets WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(ticket::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(super) async fn insert_ticket(txn: &Txn, row: ticket::Model) -> Result<()> {
    ticket::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes how a ticket, which is locked, stands.
pub(super) async fn update_ticket(txn: &Txn, row: ticket::Model) -> Result<()> {
    let sql = Sql::new(
        "UPDATE tickets SET state = :state, changed_at = :changed, closed_at = :closed, closed_by = :by WHERE id = :id",
    );
    let sql = sql.bind("state", row.state).bind("changed", row.changed_at).bind("closed", row.closed_at);
    txn.run(sql.bind("by", row.closed_by).bind("id", row.id)).await.map(drop)
}

pub(super) async fn insert_message(txn: &Txn, row: ticket_message::Model) -> Result<()> {
    ticket_message::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// When the `nth` newest of the messages of `author` was written that are newer than `since`; `None` if there are fewer.
pub(super) async fn find_nth_message(
    txn: &Txn,
    author: AccountId,
    since: Instant,
    nth: u64,
) -> Result<Option<Instant>> {
    use ticket_message::Column::{AuthorId, Id, WrittenAt};
    let theirs = ticket_message::Entity::find().filter(AuthorId.eq(author)).filter(WrittenAt.gt(since));
    let newest = theirs.order_by_desc(WrittenAt).order_by_desc(Id).offset(nth - 1);
    Ok(newest.one(txn).await?.map(|message| message.written_at))
}

/// Takes out the words of `account` (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new("UPDATE tickets SET subject = '[erased]' WHERE account_id = :account");
    txn.run(sql.bind("account", account)).await?;
    let sql = Sql::new("UPDATE ticket_messages SET body = '[erased]' WHERE author_id = :account");
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
