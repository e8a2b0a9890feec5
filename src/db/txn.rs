//! A transaction for writing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::{Sql, failure, times, trust::Trust};
use crate::{
    clock::Instant,
    entity::enums::ClockKind,
    error::{Fault, Result},
    policy::{Policies, Policy, Version},
};

/// What a statement says that comes after one of its transaction failed.
const FAILED: &str = "an earlier statement of this transaction failed";

/// A transaction for writing, made only by [`super::Database`]. It carries the business time, taken after
/// BEGIN, and the policy.
#[derive(Debug)]
pub struct Txn {
    pub(super) inner: DatabaseTransaction,
    /// In microseconds; only [`Txn::move_clock`] changes it.
    pub(super) now: AtomicI64,
    /// A task asked for as of an instant does what was due by then.
    pub(super) as_of: Option<Instant>,
    pub(super) clock: ClockKind,
    pub(super) policies: Arc<Policies>,
    pub(super) trust: Trust,
    /// Whether a statement has failed. Both databases may have ended the transaction then, and would take
    /// a COMMIT without a word: nothing more is done in it.
    pub(super) failed: AtomicBool,
}

impl Txn {
    /// Business time of everything this transaction writes.
    pub fn now(&self) -> Instant {
        Instant::from_timestamp_micros(self.now.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// What is due is what fell due by this instant: now, unless a task was asked for as of an earlier
    /// one. What is written is written now all the same.
    pub fn due_by(&self) -> Instant {
        self.as_of.map_or(self.now(), |at| at.min(self.now()))
    }

    /// Which time this database lives in.
    pub fn clock(&self) -> ClockKind {
        self.clock
    }

    /// The policy in force now.
    pub fn policy(&self) -> &Policy {
        &self.version().policy
    }

    /// The policy version in force now.
    pub fn version(&self) -> &Version {
        self.policies.at(self.now())
    }

    /// The policy in force at `instant`.
    pub fn policy_at(&self, instant: Instant) -> &Policy {
        &self.policies.at(instant).policy
    }

    /// The wall time of the database's own machine.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn wall_now(&self) -> Result<Instant> {
        times::wall_now(self).await
    }

    /// What leases are granted and expired by, as [`super::Database::lease_now`] says.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lease_now(&self) -> Result<Instant> {
        times::lease_now(self).await
    }

    /// Locks rows one by one where that is needed; nothing on SQLite, whose writer is alone. The lock lets
    /// rows be written that only refer to the locked ones: no key here ever changes.
    pub fn for_update(&self) -> &'static str {
        match self.inner.get_database_backend() {
            DbBackend::Postgres => " FOR NO KEY UPDATE",
            _ => "",
        }
    }

    /// Runs `sql`; returns how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(&self, sql: Sql) -> Result<u64> {
        Ok(self.execute_raw(sql.on(self)?).await?.rows_affected())
    }

    /// Commits. Once begun it goes on to its end, also when the caller has given up.
    ///
    /// # Errors
    /// [`Fault::Unknown`] when it may have been carried out all the same; when the database refuses.
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
        // What was written is not committed, and on a connection that is closed it never will be.
        if let Err(error) = ended {
            tracing::warn!(%error, "a ROLLBACK failed");
            trust.withdraw();
        }
        Ok(())
    }

    fn may_go_on(&self) -> Result<(), DbErr> {
        if self.failed.load(Ordering::Relaxed) { Err(DbErr::Custom(FAILED.into())) } else { Ok(()) }
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

/// Does `work` on a task of its own: the driver loses count of a connection whose BEGIN, COMMIT or ROLLBACK is
/// given up half way, and it leaves PostgreSQL in a transaction that nobody ends.
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
