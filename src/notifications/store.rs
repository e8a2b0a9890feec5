//! All SQL of notifications.

mod sections;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, Select, sea_query::Expr,
};

pub use sections::SECTIONS;

use super::{Event, Notification};
use crate::{
    clock::Instant,
    db::{Sql, Txn, Writes},
    entity::{
        ids::AccountId,
        notification::{self, Column, Entity},
    },
    error::Result,
};

/// A notification to the owners of some wallets.
#[derive(Clone, Debug)]
pub struct OwnerNotification<'a> {
    /// What happened.
    pub event: &'a Event,
    /// Unique for the person.
    pub key: String,
    /// The instant it is about.
    pub about_at: Instant,
    /// Days ahead, for an expiry notice.
    pub threshold_days: Option<i64>,
}

/// Wallets with their owners and a sum of Connects each, as a piece of SQL.
#[derive(Clone, Debug)]
pub struct WalletSums(Sql);

impl WalletSums {
    /// From a SELECT of `account_id`, `wallet_id` and `quantity`.
    pub const fn select(select: Sql) -> Self {
        Self(select)
    }
}

/// Notifies the owners of wallets whose sum is positive. Returns how many were notified that had not been.
///
/// # Errors
/// When the database refuses.
pub async fn notify_owners(txn: &Txn, what: &OwnerNotification<'_>, sums: WalletSums) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO notifications \
         (account_id, key, kind, wallet_id, quantity, about_at, threshold_days, created_at) \
         SELECT o.account_id, :key, :kind, o.wallet_id, o.quantity, :about_at, :days, :now FROM (",
    )
    .bind("key", what.key.as_str())
    .bind("kind", what.event.kind.as_str())
    .bind("about_at", what.about_at)
    .bind("days", what.threshold_days)
    .bind("now", txn.now())
    .push(sums.0)
    .push(") AS o WHERE o.quantity > 0 ON CONFLICT (account_id, key) DO NOTHING");
    txn.run(sql).await
}

/// Notifies people; a notification that was written before under the same key is not written again.
///
/// # Errors
/// When the database refuses.
pub async fn notify(txn: &Txn, notifications: Vec<Notification>) -> Result<()> {
    let mut writes = txn.writes();
    insert_notifications(&mut writes, &notifications);
    writes.run().await
}

/// As [`notify`], together with other changes.
pub fn insert_notifications(writes: &mut Writes<'_>, notifications: &[Notification]) {
    let txn = writes.txn();
    let rows = notifications.iter().map(|notification| row_of(txn, notification));
    writes.insert_or(rows, " ON CONFLICT (account_id, key) DO NOTHING");
}

fn row_of(txn: &Txn, notification: &Notification) -> notification::ActiveModel {
    let (job_post, title) = (notification.job_post, notification.subject.clone());
    notification::ActiveModel {
        account_id: Set(notification.account),
        key: Set(notification.key.clone()),
        kind: Set(notification.kind),
        wallet_id: Set(None),
        job_post_id: Set(job_post),
        subject: Set(title),
        quantity: Set(notification.quantity.map(|quantity| quantity.0)),
        facts: Set(notification.facts.clone()),
        about_at: Set(notification.about_at),
        threshold_days: Set(None),
        created_at: Set(txn.now()),
        read_at: Set(None),
    }
}

/// People and the job post that each is notified of, as a piece of SQL.
#[derive(Clone, Debug)]
pub struct Recipients(Sql);

impl Recipients {
    /// From a SELECT of `account_id`, `key`, `job_post_id`, `subject` and `about_at`.
    pub const fn select(select: Sql) -> Self {
        Self(select)
    }
}

/// Notifies all recipients. Returns how many were notified that had not been.
///
/// # Errors
/// When the database refuses.
pub async fn notify_all(txn: &Txn, event: &Event, recipients: Recipients) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO notifications (account_id, key, kind, job_post_id, subject, about_at, created_at) \
         SELECT x.account_id, x.key, :kind, x.job_post_id, x.subject, x.about_at, :now FROM (",
    );
    let sql = sql.bind("kind", event.kind.as_str()).bind("now", txn.now()).push(recipients.0);
    txn.run(sql.push(") AS x WHERE TRUE ON CONFLICT (account_id, key) DO NOTHING")).await
}

/// Notes that `reader` has read notifications with these keys, or all of theirs; returns how many were new.
///
/// # Errors
/// When the database refuses.
pub async fn mark_read(txn: &Txn, reader: AccountId, keys: Option<Vec<String>>) -> Result<u64> {
    let unread = Column::AccountId.eq(reader).and(Column::ReadAt.is_null());
    let these = Condition::all().add(unread).add_option(keys.map(|keys| Column::Key.is_in(keys)));
    let read = Entity::update_many().col_expr(Column::ReadAt, Expr::value(txn.now())).filter(these);
    Ok(read.exec(txn).await?.rows_affected)
}

/// Notifications that `reader` has not read.
pub fn unread_by(reader: AccountId) -> Select<Entity> {
    visible_to(reader).filter(Column::ReadAt.is_null())
}

/// How many notifications `reader` has not read.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_unread(db: &impl ConnectionTrait, reader: AccountId) -> Result<u64> {
    Ok(unread_by(reader).count(db).await?)
}

/// The notifications of `viewer`.
pub fn visible_to(viewer: AccountId) -> Select<Entity> {
    notification::Entity::find().filter(Column::AccountId.eq(viewer))
}

/// The notifications of `viewer` with these keys.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: AccountId,
    keys: impl IntoIterator<Item = String>,
) -> Result<Vec<notification::Model>> {
    Ok(visible_to(viewer).filter(Column::Key.is_in(keys)).all(db).await?)
}

/// Deletes the notifications of `account`, and takes its words out of those that others have about `posts`, a
/// select of the ids of its job posts (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId, posts: Sql) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(txn).await?;
    let sql = Sql::new(
        "UPDATE notifications SET subject = '[erased]', facts = NULL WHERE subject IS NOT NULL AND job_post_id IN (",
    );
    txn.run(sql.push(posts).push(")")).await?;
    Ok(())
}
