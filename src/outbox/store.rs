//! All SQL of notices.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::NotificationKind,
        ids::{AccountId, JobPostId},
        notification::{self, Column, Entity},
    },
    error::Result,
};

/// What to tell the owners of some wallets.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it is about.
    pub kind: NotificationKind,
    /// Unique for the person.
    pub key: String,
    /// The instant it is about.
    pub about_at: Instant,
    /// Days ahead, for an expiry notice.
    pub threshold_days: Option<i64>,
}

/// Tells each owner of a wallet; `wallets` selects `wallet_id` and `quantity`. Returns how many were
/// told that had not been.
///
/// # Errors
/// When the database refuses.
pub async fn tell(txn: &Txn, notice: &Notice, wallets: Sql) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO notifications \
         (account_id, key, kind, wallet_id, quantity, about_at, threshold_days, created_at) \
         SELECT w.account_id, :key, :kind, w.id, x.quantity, :about_at, :days, :now FROM (",
    )
    .bind("key", notice.key.as_str())
    .bind("kind", notice.kind.as_str())
    .bind("about_at", notice.about_at)
    .bind("days", notice.threshold_days)
    .bind("now", txn.now())
    .push(wallets)
    .push(") AS x JOIN wallets w ON w.id = x.wallet_id WHERE x.quantity > 0 ON CONFLICT (account_id, key) DO NOTHING");
    txn.run(sql).await
}

/// A fact told to one person.
#[derive(Clone, Debug)]
pub struct Told {
    /// To whom.
    pub account: AccountId,
    /// What it is about.
    pub kind: NotificationKind,
    /// Unique for the person.
    pub key: String,
    /// The job post concerned.
    pub job_post: Option<JobPostId>,
    /// Its title, or the reason that was given.
    pub subject: Option<String>,
    /// Connects concerned.
    pub quantity: Option<i64>,
    /// The instant it is about.
    pub about_at: Instant,
}

/// Rows of one INSERT.
const ROWS_AT_ONCE: usize = 500;

/// Tells each person what concerns him; what was told before under the same key is not told again.
///
/// # Errors
/// When the database refuses.
pub async fn tell_each(txn: &Txn, told: Vec<Told>) -> Result<()> {
    for chunk in told.chunks(ROWS_AT_ONCE) {
        let row = |told: &Told| notification::ActiveModel {
            account_id: Set(told.account),
            key: Set(told.key.clone()),
            kind: Set(told.kind),
            wallet_id: Set(None),
            job_post_id: Set(told.job_post),
            subject: Set(told.subject.clone()),
            quantity: Set(told.quantity),
            about_at: Set(told.about_at),
            threshold_days: Set(None),
            created_at: Set(txn.now()),
            read_at: Set(None),
        };
        let once = OnConflict::columns([Column::AccountId, Column::Key]).do_nothing().to_owned();
        Entity::insert_many(chunk.iter().map(row)).on_conflict(once).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Tells everyone that `rows` selects: `account_id`, `key`, `job_post_id`, `subject`, `about_at`.
///
/// # Errors
/// When the database refuses.
pub async fn tell_all(txn: &Txn, kind: NotificationKind, rows: Sql) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO notifications (account_id, key, kind, job_post_id, subject, about_at, created_at) \
         SELECT x.account_id, x.key, :kind, x.job_post_id, x.subject, x.about_at, :now FROM (",
    );
    let sql = sql.bind("kind", kind.as_str()).bind("now", txn.now()).push(rows);
    txn.run(sql.push(") AS x WHERE TRUE ON CONFLICT (account_id, key) DO NOTHING")).await
}

/// Notes that `reader` has read his notices with these keys, or all of them; returns how many were new.
///
/// # Errors
/// When the database refuses.
pub async fn mark_read(txn: &Txn, reader: AccountId, keys: Option<Vec<String>>) -> Result<u64> {
    let unread = Column::AccountId.eq(reader).and(Column::ReadAt.is_null());
    let these = Condition::all().add(unread).add_option(keys.map(|keys| Column::Key.is_in(keys)));
    let read = Entity::update_many().col_expr(Column::ReadAt, Expr::value(txn.now())).filter(these);
    Ok(read.exec(txn).await?.rows_affected)
}

/// How many notices `reader` has not read.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_unread(db: &impl ConnectionTrait, reader: AccountId) -> Result<u64> {
    Ok(visible_to(reader).filter(Column::ReadAt.is_null()).count(db).await?)
}

/// What `viewer` has been told.
pub fn visible_to(viewer: AccountId) -> Select<Entity> {
    notification::Entity::find().filter(Column::AccountId.eq(viewer))
}

/// Deletes what `account` was told, and takes his words out of what others were told of his posts (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(txn).await?;
    let sql = Sql::new(
        "UPDATE notifications SET subject = '[erased]' WHERE subject IS NOT NULL \
         AND job_post_id IN (SELECT id FROM job_posts WHERE client_id = :account)",
    );
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
