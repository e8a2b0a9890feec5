//! The SQL that locks posts, in the order of their ids, and reads their state.

use sea_orm::FromQueryResult;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::JobPostState,
        ids::{AccountId, JobPostId},
        job_post,
    },
    error::Result,
    job_posts::rules::life::state_at,
};

/// A post that this transaction has locked.
#[derive(Clone, Debug)]
pub struct LockedPost {
    /// Its current state: an open one whose time is up has expired, whether or not the task has run.
    pub state: JobPostState,
    /// The stored row.
    pub row: job_post::Model,
}

impl LockedPost {
    fn new(txn: &Txn, row: job_post::Model) -> Self {
        Self { state: state_at(row.state, row.expires_at, txn.now()), row }
    }

    /// Whether its time is up and the task has not run yet.
    pub fn is_overdue(&self) -> bool {
        self.state != self.row.state
    }
}

/// Locks the posts with these ids.
///
/// # Errors
/// When the database refuses.
pub async fn lock_posts(txn: &Txn, ids: &[JobPostId]) -> Result<Vec<LockedPost>> {
    let sql = Sql::new("SELECT * FROM job_posts WHERE id IN (").push(Sql::list(ids.iter().copied()));
    lock(txn, sql.push(") ORDER BY id")).await
}

/// Locks all posts of `client`.
///
/// # Errors
/// When the database refuses.
pub async fn lock_of_client(txn: &Txn, client: AccountId) -> Result<Vec<LockedPost>> {
    lock(
        txn,
        Sql::new("SELECT * FROM job_posts WHERE client_id = :client ORDER BY id").bind("client", client),
    )
    .await
}

/// Locks the next posts whose time was up by `now`.
///
/// # Errors
/// When the database refuses.
pub async fn lock_expired(txn: &Txn, now: Instant, limit: u64) -> Result<Vec<LockedPost>> {
    lock_due(txn, ("state = 'OPEN'", "expires_at"), now, limit).await
}

/// Locks the next posts whose clients are to be warned by `now`.
pub(in crate::job_posts) async fn lock_to_warn(
    txn: &Txn,
    now: Instant,
    limit: u64,
) -> Result<Vec<LockedPost>> {
    lock_due(txn, ("warn_at IS NOT NULL", "warn_at"), now, limit).await
}

/// Locks the posts with the least `deadline`, a column, up to `now` of those for which `condition` holds. Posts
/// that another process has changed meanwhile no longer match and are left out.
async fn lock_due(
    txn: &Txn,
    (condition, deadline): (&str, &str),
    now: Instant,
    limit: u64,
) -> Result<Vec<LockedPost>> {
    let due = format!("{condition} AND {deadline} <= :now");
    let next = format!("SELECT id FROM job_posts WHERE {due} ORDER BY {deadline}, id LIMIT {limit}");
    let sql = Sql::new(format!("SELECT * FROM job_posts WHERE {due} AND id IN ({next}) ORDER BY id"));
    lock(txn, sql.bind("now", now)).await
}

async fn lock(txn: &Txn, rows: Sql) -> Result<Vec<LockedPost>> {
    let rows = job_post::Model::find_by_statement(rows.push(txn.for_update()).on(txn)?).all(txn).await?;
    Ok(rows.into_iter().map(|row| LockedPost::new(txn, row)).collect())
}
