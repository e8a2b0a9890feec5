//! All SQL of mails.

mod sections;

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::OnConflict,
};

pub use sections::SECTIONS;

use super::rules;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        account,
        enums::MailTopic,
        ids::{AccountId, MailId},
        mail::{self, Column, Entity},
        mail_opt_out,
    },
    error::Result,
};

/// A mail to send now, with its address.
#[derive(Clone, Debug)]
pub struct Due {
    /// The mail.
    pub mail: mail::Model,
    /// The account's e-mail address.
    pub address: String,
}

/// Mails that one statement inserts.
const ROWS_AT_ONCE: usize = 500;

pub(super) async fn insert_mails(txn: &Txn, rows: Vec<mail::Model>) -> Result<()> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(some).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The topics on which `account` does not want mails.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_opt_outs(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<mail_opt_out::Model>> {
    let rows = mail_opt_out::Entity::find().filter(mail_opt_out::Column::AccountId.eq(account));
    Ok(rows.order_by_asc(mail_opt_out::Column::Topic).all(db).await?)
}

/// Notes that an account does not want mails on a topic, unless that is known.
pub(super) async fn insert_opt_out(txn: &Txn, row: mail_opt_out::Model) -> Result<()> {
    use mail_opt_out::Column::{AccountId, Topic};
    let once = OnConflict::columns([AccountId, Topic]).do_nothing().to_owned();
    let insert = mail_opt_out::Entity::insert(row.into_active_model()).on_conflict(once);
    insert.exec_without_returning(txn).await?;
    Ok(())
}

/// Forgets that it does not.
pub(super) async fn delete_opt_out(txn: &Txn, account: AccountId, topic: MailTopic) -> Result<()> {
    mail_opt_out::Entity::delete_by_id((account, topic)).exec(txn).await?;
    Ok(())
}

/// When the next mail is due: now, if one is scheduled later than any back-off allows.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_next_due(db: &impl ConnectionTrait, now: Instant) -> Result<Option<Instant>> {
    let waiting = Entity::find().select_only().column(Column::NextAttemptAt);
    let waiting = waiting.filter(Column::NextAttemptAt.is_not_null());
    let next = waiting.clone().order_by_asc(Column::NextAttemptAt);
    let next = next.into_tuple::<Option<Instant>>().one(db).await?.flatten();
    if next.is_none_or(|next| next <= now) {
        return Ok(next);
    }
    let last = waiting.order_by_desc(Column::NextAttemptAt).into_tuple::<Option<Instant>>().one(db).await?;
    Ok(if last.flatten() > Some(rules::latest_attempt(now)) { Some(now) } else { next })
}

/// The mails that are due by `now`, the earliest first; including those that a clock that was ahead has postponed by
/// more than any back-off.
pub(super) async fn list_due(txn: &Txn, now: Instant, limit: u64) -> Result<Vec<Due>> {
    let put_off = Column::NextAttemptAt.gt(rules::latest_attempt(now));
    let due = Entity::find().filter(Column::NextAttemptAt.lte(now).or(put_off));
    let due = due.order_by_asc(Column::NextAttemptAt);
    let mails = due.order_by_asc(Column::Id).limit(limit).all(txn).await?;
    let accounts: Vec<_> = mails.iter().map(|mail| mail.account_id).collect();
    let rows = account::Entity::find().filter(account::Column::Id.is_in(accounts)).all(txn).await?;
    let addresses: HashMap<AccountId, String> = rows.into_iter().map(|row| (row.id, row.email)).collect();
    let with_address = |mail: mail::Model| {
        let address = addresses.get(&mail.account_id)?.clone();
        Some(Due { mail, address })
    };
    Ok(mails.into_iter().filter_map(with_address).collect())
}

pub(super) async fn find_mail(txn: &Txn, id: MailId) -> Result<Option<mail::Model>> {
    Ok(Entity::find_by_id(id).one(txn).await?)
}

pub(super) async fn update_mail(txn: &Txn, mail: mail::Model) -> Result<()> {
    Entity::update(mail.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// Deletes at most `limit` sent mails that were written before `before`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn sweep_sent(txn: &Txn, before: Instant, limit: u64) -> Result<u64> {
    let sql = Sql::new(
        "DELETE FROM mails WHERE id IN \
         (SELECT id FROM mails WHERE created_at < :before AND sent_at IS NOT NULL LIMIT ",
    );
    txn.run(sql.bind("before", before).push(format!("{limit})"))).await
}

/// Deletes all mails to `account` (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(txn).await?;
    Ok(())
}

/// The mails to `account`.
pub fn sent_to(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::AccountId.eq(account))
}
