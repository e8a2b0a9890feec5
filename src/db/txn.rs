//! A transaction for writing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::{Sql, failure, pace::Pace, times, trust::Trust};
use crate::{
    clock::{self, Instant},
    entity::enums::ClockKind,
    error::{Fault, Result},
    policy::{Policies, Policy, Version},
};

/// The error of a statement after another one of its transaction failed.
pub(super) const FAILED: &str = "an earlier statement of this transaction failed";

/// A transaction for writing, made only by [`super::Database`]. It carries the business time, taken after
/// BEGIN, and the policy.
#[derive(Debug)]
pub struct Txn {
    pub(super) inner: DatabaseTransaction,
    /// In microseconds; only [`Txn::move_clock`] changes it.
    pub(super) now: AtomicI64,
    /// The instant up to which a task does what is due, if it was asked to.
    pub(super) as_of: Option<Instant>,
    pub(super) clock: ClockKind,
    pub(super) policies: Arc<Policies>,
    pub(super) trust: Trust,
    pub(super) pace: Option<Pace>,
    /// Whether a statement has failed. Both databases may have ended the transaction then, and would accept a COMMIT
    /// silently; so nothing more is done in it.
    pub(super) failed: AtomicBool,
}

impl Txn {
    /// Business time of everything this transaction writes.
    pub fn now(&self) -> Instant {
        Instant::from_timestamp_micros(self.now.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// The instant by which something must have fallen due to count as due: now, unless a task was asked to run as of
    /// an earlier one. Writes carry the current time all the same.
    pub fn due_by(&self) -> Instant {
        self.as_of.map_or(self.now(), |at| at.min(self.now()))
    }

    /// Which clock this database uses.
    pub fn clock(&self) -> ClockKind {
        self.clock
    }

    /// The policy in force now.
    pub fn policy(&self) -> &Policy {
        &self.version().policy
    }

    /// The policy version in force now.
    pub fn version(&self) -> &Version {
        self.version_at(self.now())
    }

    /// The policy in force at `instant`.
    pub fn policy_at(&self, instant: Instant) -> &Policy {
        &self.version_at(instant).policy
    }

    /// The policy version in force at `instant`.
    pub fn version_at(&self, instant: Instant) -> &Version {
        self.policies.at(instant)
    }

    /// The same, to be kept beyond this transaction.
    pub fn shared_version_at(&self, instant: Instant) -> Arc<Version> {
        self.policies.at(instant).clone()
    }

    /// The wall time of the database's own machine.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn wall_now(&self) -> Result<Instant> {
        times::wall_now(self).await
    }

    /// The wall time of the database's own machine, as a piece of SQL.
    pub fn wall_clock(&self) -> Sql {
        match self.inner.get_database_backend() {
            DbBackend::Postgres => Sql::new("clock_timestamp()"),
            _ => Sql::new(":now").bind("now", clock::wall_now()),
        }
    }

    /// The time that leases follow, as [`super::Database::lease_now`] says.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lease_now(&self) -> Result<Instant> {
        times::lease_now(self).await
    }

    /// The lock of rows on PostgreSQL; nothing on SQLite, which has a single writer. The lock allows writing rows that
    /// only refer to the locked ones, because no key here ever changes.
    pub fn for_update(&self) -> &'static str {
        match self.inner.get_database_backend() {
            DbBackend::Postgres => " FOR NO KEY UPDATE",
            _ => "",
        }
    }

    /// Waits for no locked row longer than `limit` from here on. SQLite has no locked rows.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn wait_for_locks(&self, limit: Duration) -> Result<()> {
        if self.inner.get_database_backend() == DbBackend::Postgres {
            self.execute_unprepared(&format!("SET LOCAL lock_timeout = {}", limit.as_millis())).await?;
        }
        Ok(())
    }

    /// How many of at most `rows` a batch takes: fewer on SQLite, where all other writes wait for it.
    pub fn at_once(&self, rows: u64) -> u64 {
        self.pace.as_ref().map_or(rows, |pace| pace.at_once(rows))
    }

    /// A number of SQLite's that changes whenever another connection commits.
    pub(super) async fn data_version(&self) -> Result<i64> {
        let row = self.query_one_raw(Sql::new("PRAGMA data_version").on(self)?).await?;
        let row = row.ok_or_else(|| Fault::Broken("no version of the data".into()))?;
        Ok(row.try_get("", "data_version")?)
    }

    /// Runs `sql`; returns how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&self, sql: Sql) -> Result<u64> {
        Ok(self.execute_raw(sql.on(self)?).await?.rows_affected())
    }

    /// Commits. Once begun, the commit finishes even if the caller gives up.
    ///
    /// # Errors
    /// [`Fault::Unknown`] when it may have succeeded all the same; another fault when the database refuses.
    pub(super) async fn commit(self) -> Result<()> {
        let Self { inner, trust, failed, .. } = self;
        if failed.into_inner() {
            return Err(Fault::Broken(FAILED.into()).into());
        }
        let committed = to_the_end(async move { inner.commit().await }).await?;
        committed.map_err(|error| {
            trust.withdraw();
            if failure::is_unknown(&error) {
                tracing::error!(%error, "a COMMIT was not answered");
                return Fault::Unknown.into();
            }
            error.into()
        })
    }

    /// Rolls back.
    pub(super) async fn rollback(self) -> Result<()> {
        let Self { inner, trust, .. } = self;
        let ended = to_the_end(async move { inner.rollback().await }).await?;
        // The changes are not committed, and on a closed connection they never will be.
        if let Err(error) = ended {
            tracing::warn!(%error, "a ROLLBACK failed");
            trust.withdraw();
        }
        Ok(())
    }

    /// Whether a statement has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    fn may_go_on(&self) -> Result<(), DbErr> {
        if self.has_failed() { Err(DbErr::Custom(FAILED.into())) } else { Ok(()) }
    }

    fn note<T>(&self, done: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &done {
            self.failed.store(true, Ordering::Relaxed);
            if failure::passing(error) == Some(failure::Passing::Away) {
                self.trust.withdraw();
            }
        }
        done
    }
}

/// Runs `work` on a task of its own: if a BEGIN, COMMIT or ROLLBACK is given up midway, the driver loses count of the
/// connection's transactions and leaves PostgreSQL in one that nobody ends.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T> {
    tokio::spawn(work).await.map_err(|e| Fault::Broken(e.to_string()).into())
}

#[async_trait::async_trait]
impl ConnectionTrait for Txn {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.may_go_on()?;
        self.note(self.inner.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.may_go_on()?;
        self.note(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.may_go_on()?;
        self.note(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.may_go_on()?;
        self.note(self.inner.query_all_raw(statement).await)
    }
}
