//! All SQL of rooms and messages.

mod checks;
mod lists;
mod sections;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

pub use checks::CHECKS;
pub use lists::*;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        ids::{AccountId, JobPostId, ProposalId, RoomId},
        message, room,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The rooms of `person`, on either side.
pub fn rooms_of(person: AccountId) -> Select<room::Entity> {
    use room::Column::{ClientId, FreelancerId};
    room::Entity::find().filter(Condition::any().add(ClientId.eq(person)).add(FreelancerId.eq(person)))
}

/// Rooms that `viewer` may see: their own; all for those who may read the whole market.
pub fn visible_to(viewer: &Viewer) -> Select<room::Entity> {
    if viewer.may(Permission::ReadMarket) { room::Entity::find() } else { rooms_of(viewer.id()) }
}

/// The room of a proposal, which is locked.
pub(super) async fn lock_room(txn: &Txn, proposal: ProposalId) -> Result<Option<room::Model>> {
    let sql = Sql::new("SELECT * FROM rooms WHERE proposal_id = :proposal").bind("proposal", proposal);
    Ok(room::Model::find_by_statement(sql.push(txn.for_update()).on(txn)?).one(txn).await?)
}

pub(super) async fn insert_room(txn: &Txn, row: room::Model) -> Result<()> {
    room::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes a message into its room, which is locked.
pub(super) async fn insert_message(txn: &Txn, row: message::Model) -> Result<()> {
    let sql = Sql::new("UPDATE rooms SET last_message_at = :at WHERE id = :room");
    txn.run(sql.bind("at", row.sent_at).bind("room", row.room_id)).await?;
    message::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// When the `nth` newest of the messages of `author` in a room was sent that are newer than `since`; `None` if there are
/// fewer.
pub(super) async fn find_nth_message(
    txn: &Txn,
    (room, author): (RoomId, AccountId),
    since: Instant,
    nth: u64,
) -> Result<Option<Instant>> {
    use message::Column::{AuthorId, Id, RoomId, SentAt};
    let theirs = message::Entity::find().filter(RoomId.eq(room)).filter(AuthorId.eq(author));
    let newest = theirs.filter(SentAt.gt(since)).order_by_desc(SentAt).order_by_desc(Id).offset(nth - 1);
    Ok(newest.one(txn).await?.map(|message| message.sent_at))
}

/// How many of the proposals to each of `posts` are being interviewed at `now`, or have had an offer since (J-5); none once
/// the post's time is up.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_interviewing(
    db: &impl ConnectionTrait,
    posts: &[JobPostId],
    now: Instant,
) -> Result<Vec<(JobPostId, i64)>> {
    let sql = Sql::new(
        "SELECT p.job_post_id, COUNT(*) AS interviewing FROM proposals p \
         JOIN job_posts j ON j.id = p.job_post_id AND (j.state <> 'OPEN' OR j.expires_at > :now) \
         WHERE p.interviewing_since IS NOT NULL AND p.state IN ('INTERVIEWING', 'OFFERED') AND p.job_post_id IN (",
    );
    let sql = sql.bind("now", now).push(Sql::list(posts.iter().copied())).push(") GROUP BY p.job_post_id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "job_post_id")?, row.try_get("", "interviewing")?))).collect()
}

/// Takes out the words of `account` (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new("UPDATE messages SET body = '[erased]' WHERE author_id = :account");
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
