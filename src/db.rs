//! The database: the only place that opens transactions and knows which database it is.
//!
//! Reads take `&impl ConnectionTrait` and get [`Database::read`]; writes take [`&Txn`](Txn), which
//! only this room makes ([`Database::write`], [`Database::rehearse`]): a store function that writes does not
//! compile without one.

mod check;
mod connect;
mod copy;
mod failure;
mod gather;
mod instance;
mod known_policies;
mod pace;
mod pooler;
mod postgres;
mod probe;
mod queue;
mod reach;
mod reader;
mod rehearse;
mod rows;
mod search;
mod section;
mod shared_commits;
mod source;
mod sql;
mod times;
mod trust;
mod txn;
mod writes;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64},
};

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend};
use tokio::sync::Semaphore;

pub use check::Check;
pub use connect::{Open, Pools};
pub use gather::Lookup;
pub use instance::{sandbox_secret, secret_mark};
pub use queue::{Job, Outcome, Queue};
pub use reach::Reach;
pub use reader::Reader;
pub use rehearse::{REHEARSAL_LIMIT, TASK_REHEARSAL_LIMIT};
pub use search::{forget_words, has_words};
pub use section::{Rows, Section, Whose};
pub use source::Source;
pub use sql::Sql;
pub use txn::Txn;
pub use writes::Writes;

use self::{
    gather::Gathers,
    known_policies::KnownPolicies,
    pace::Pace,
    pooler::Opening,
    probe::Probe,
    shared_commits::{Fate, SharedCommits},
    times::SandboxClock,
    trust::Trust,
};

use crate::{
    clock::{self, Instant},
    config::Settings,
    entity::enums::ClockKind,
    error::{Error, Fault, Result},
    policy::Version,
};

/// A database, its clock and its policy. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    read: Reader,
    write: DatabaseConnection,
    clock: ClockKind,
    policies: KnownPolicies,
    rehearsals: Arc<Semaphore>,
    trust: Trust,
    opening: Opening,
    probe: Probe,
    gathers: Gathers,
    /// These two on SQLite only.
    shared_commits: Option<SharedCommits>,
    pace: Option<Pace>,
}

impl Database {
    /// Opens the database that `settings` name, migrates it if `open` says so, and reads which clock it uses.
    ///
    /// # Errors
    /// [`Fault::Setup`] with a message for the operator: the database is unreachable, missing, read-only, without
    /// tables, or of the other clock kind.
    pub async fn open(settings: &Settings, open: Open) -> Result<Self> {
        Self::on(connect::pools(settings, open).await?, settings, open).await
    }

    /// Like [`Database::open`], on connections that are already open (tests count statements on them).
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn on(pools: Pools, settings: &Settings, open: Open) -> Result<Self> {
        connect::prepare_tables(&pools, open).await?;
        let Pools { read, write, trust, opening } = pools;
        let txn = connect::begin(&write, &opening, open.transaction()).await?;
        let clock = instance::read_instance(&txn, settings, open).await?;
        let policies = KnownPolicies::new(instance::policies(&txn).await?);
        txn.commit().await?;
        let read = Reader::new(read, opening.clone(), trust.clone());
        let has_one_writer = write.get_database_backend() != DbBackend::Postgres;
        let pace = has_one_writer.then(Pace::default);
        let commits = |pace: Pace| SharedCommits::new(write.clone(), trust.clone(), pace, settings);
        let shared_commits = pace.clone().map(commits);
        // A rehearsal holds the only writer.
        let rehearsals = Arc::new(Semaphore::new(if has_one_writer { 1 } else { 4 }));
        let (probe, gathers) = (Probe::default(), Gathers::new(&read));
        Ok(Self {
            read,
            write,
            clock,
            policies,
            rehearsals,
            trust,
            opening,
            probe,
            gathers,
            shared_commits,
            pace,
        })
    }

    /// Connections, for [`Database::on`].
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn connections(settings: &Settings, open: Open) -> Result<Pools> {
        connect::pools(settings, open).await
    }

    /// For reading.
    pub fn read(&self) -> &Reader {
        &self.read
    }

    /// What there is for `key` as it is now, read together with what others ask at about the same time. A request that has
    /// rehearsed something reads that, alone.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find<L: Lookup>(&self, key: L::Key) -> Result<Option<L::Found>> {
        if self.read.has_rehearsed() {
            return Ok(L::find(&self.read, std::slice::from_ref(&key)).await?.remove(&key));
        }
        self.gathers.find::<L>(key).await
    }

    /// This database for one request: the request's later reads see what it rehearses, which is rolled back when
    /// the request is dropped.
    #[must_use]
    pub fn for_request(&self) -> Self {
        Self { read: self.read.staged(), ..self.clone() }
    }

    /// Which clock this database uses.
    pub fn clock(&self) -> ClockKind {
        self.clock
    }

    /// Business time now, for reading. A write takes [`Txn::now`].
    ///
    /// # Errors
    /// When a sandbox's clock cannot be read.
    pub async fn now(&self) -> Result<Instant> {
        match self.clock {
            ClockKind::System => {
                self.follow_policies(None).await?;
                Ok(clock::wall_now())
            }
            ClockKind::Sandbox => {
                let found = self.find::<SandboxClock>(()).await?;
                let (now, newest) = found.ok_or_else(|| Fault::Broken("no instance".into()))?;
                self.follow_policies(Some(newest)).await?;
                Ok(now)
            }
        }
    }

    /// Reads the versions of the policy if there are others than this process knows: if the last one's number is `newest`, or,
    /// where that is not known, from time to time. What a request has rehearsed is not for others.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn follow_policies(&self, newest: Option<i64>) -> Result<()> {
        if !self.read.has_rehearsed() {
            self.policies.follow(&self.read, newest).await?;
        }
        Ok(())
    }

    /// The policy in force at `instant`, as far as this process knows; it has looked when it last asked for the time.
    pub fn policy_at(&self, instant: Instant) -> Arc<Version> {
        self.policies.get().at(instant).clone()
    }

    /// Runs `work` in one transaction and commits it when it succeeds. If the connection turns out to be broken, or
    /// another transaction conflicts, before anything was committed, `work` runs once more.
    ///
    /// On SQLite the transaction is IMMEDIATE on the only writing connection, so writes queue up fairly and never fail
    /// midway for a lock; those that wait share a COMMIT. Never await a provider within `work`.
    ///
    /// # Errors
    /// What `work` returns, after everything is rolled back; [`Fault::Unknown`] when the COMMIT got no answer; or
    /// another [`Fault`] of the database.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone) -> Result<T> {
        self.write_as_of(None, work).await
    }

    /// Runs `work` like [`Database::write`], for one of many batches of a task, which does only what was due by `as_of`. On
    /// SQLite it pauses afterwards if others write, so that they find the writer free.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn write_batch<T>(
        &self,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<T> {
        let Some(pace) = &self.pace else { return self.write_as_of(as_of, work).await };
        let batch = async |txn: &Txn| Ok((work.clone()(txn).await?, txn.data_version().await?));
        let (done, version) = self.write_as_of(as_of, batch).await?;
        pace.give_way(version).await;
        Ok(done)
    }

    async fn write_as_of<T>(
        &self,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<T> {
        let done = match &self.shared_commits {
            Some(commits) => self.write_shared(commits, as_of, work.clone()).await,
            None => self.write_alone(as_of, work.clone()).await,
        };
        match done {
            Err(error) if may_try_again(&error) => self.write_alone(as_of, work).await,
            done => done,
        }
    }

    /// A write that others may join. If one of them fails, it is a conflict for all.
    async fn write_shared<T>(
        &self,
        commits: &SharedCommits,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T>,
    ) -> Result<T> {
        let (member, inner) = commits.join().await?;
        let txn = self.transaction(inner, as_of).await?;
        let done = work(&txn).await;
        // What failed may have rested on what the others wrote.
        match txn.has_failed() {
            true if member.has_company() => return Err(Fault::Conflict.into()),
            true => return done.and_then(|_| Err(Fault::Broken(txn::FAILED.into()).into())),
            false => {}
        }
        match member.end(txn.inner, done.is_ok()).await {
            Fate::Committed => done,
            Fate::RolledBack => Err(Fault::Conflict.into()),
            Fate::Unknown => Err(Fault::Unknown.into()),
        }
    }

    async fn write_alone<T>(
        &self,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T>,
    ) -> Result<T> {
        let txn = self.begin(as_of).await?;
        let done = work(&txn).await?;
        txn.commit().await?;
        Ok(done)
    }

    /// Begins a transaction that reads one state of the database throughout.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let begin = || connect::begin_reading(self.read.pool(), &self.opening);
        match begin().await {
            Err(error) if self.read.is_gone(&error) => Ok(begin().await?),
            begun => Ok(begun?),
        }
    }

    /// The wall time of the database's own machine, so that skewed replicas agree.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn wall_now(&self) -> Result<Instant> {
        times::wall_now(&self.read).await
    }

    /// The time that leases follow: on PostgreSQL the clock of its machine; on SQLite, whose processes share one
    /// machine, the time since that machine started, which nobody can set.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lease_now(&self) -> Result<Instant> {
        times::lease_now(&self.read).await
    }

    async fn begin(&self, as_of: Option<Instant>) -> Result<Txn> {
        let begun = connect::begin(&self.write, &self.opening, connect::for_writing()).await;
        let inner = begun.inspect_err(|error| {
            if failure::passing(error) != Some(failure::Passing::Busy) {
                self.trust.withdraw();
            }
        })?;
        self.transaction(inner, as_of).await
    }

    async fn transaction(&self, inner: DatabaseTransaction, as_of: Option<Instant>) -> Result<Txn> {
        let (now, newest) = times::business_now(&inner, self.clock).await?;
        let policies = self.policies.follow(&inner, newest).await?;
        let now = AtomicI64::new(now.timestamp_micros());
        let (trust, pace) = (self.trust.clone(), self.pace.clone());
        let (clock, failed) = (self.clock, AtomicBool::new(false));
        Ok(Txn { inner, now, as_of, clock, policies, trust, pace, failed })
    }

    /// Checks that the database can be written to: runs a transaction that changes one row, COMMIT included.
    ///
    /// # Errors
    /// [`Fault::Busy`] when that takes too long; when the database does not answer or refuses.
    pub async fn probe(&self) -> Result<()> {
        self.probe.ask(self).await
    }

    /// The pools by name, with their open connections and how many of those are idle. PostgreSQL has one pool.
    pub fn pools(&self) -> Vec<(&'static str, (i64, i64))> {
        let write = ("write", connect::in_use(&self.write));
        match self.write.get_database_backend() {
            DbBackend::Postgres => vec![("all", write.1)],
            _ => vec![("read", connect::in_use(self.read.pool())), write],
        }
    }

    /// Closes all connections once what runs on them has ended.
    ///
    /// # Errors
    /// When the driver fails to close.
    pub async fn close(&self) -> Result<()> {
        if let Some(commits) = &self.shared_commits {
            commits.close().await;
        }
        self.read.pool().close_by_ref().await?;
        Ok(self.write.close_by_ref().await?)
    }
}

/// Whether nothing was committed and another attempt, perhaps on another connection, may succeed.
fn may_try_again(error: &Error) -> bool {
    matches!(error, Error::Fault(Fault::Away | Fault::Conflict))
}
