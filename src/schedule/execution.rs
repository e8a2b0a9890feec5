//! Whether the steps of a run, or of a walk through time, happen for real or within one transaction.

use std::sync::Arc;

use super::{lease::Lease, runner::Runner};
use crate::{
    clock::Instant,
    db::{Source, Txn},
    error::{Fault, Result},
    policy::Version,
};

/// The way in which steps are carried out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Execution<'a> {
    /// Each step is a transaction of its own, until the process is asked to stop.
    Real(&'a Runner),
    /// All steps are in this transaction; its owner commits it, or rolls it back after a dry run.
    Within(&'a Txn),
}

impl<'a> Execution<'a> {
    /// Carries out a step.
    pub async fn step<T>(self, work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone) -> Result<T> {
        match self {
            Self::Real(runner) => runner.db.write(work).await,
            Self::Within(txn) => work(txn).await,
        }
    }

    /// Carries out one of many steps, which may do what was due by `as_of` only.
    pub async fn batch<T>(
        self,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<T> {
        match self {
            Self::Real(runner) => runner.db.write_batch(as_of, work).await,
            Self::Within(txn) => work(txn).await,
        }
    }

    /// Checks that the process was not asked to stop.
    pub fn must_go_on(self) -> Result<()> {
        match self {
            Self::Real(runner) if runner.stop.is_cancelled() => Err(Fault::Stopped.into()),
            _ => Ok(()),
        }
    }

    /// Takes the lease called `name` in a step's own transaction; `None` if all steps share one transaction, which
    /// needs no lease.
    ///
    /// # Errors
    /// `BUSY` when another process holds it.
    pub async fn lease(self, txn: &Txn, name: &str) -> Result<Option<Lease>> {
        match self {
            Self::Real(runner) => Lease::must_take(&runner.db, txn, name).await.map(Some),
            Self::Within(_) => Ok(None),
        }
    }

    /// The source of reads.
    pub fn source(self) -> Source<'a> {
        match self {
            Self::Real(runner) => runner.db.read().into(),
            Self::Within(txn) => txn.into(),
        }
    }

    /// The policy in force at `instant`.
    pub fn policy_at(self, instant: Instant) -> Arc<Version> {
        match self {
            Self::Real(runner) => runner.db.policy_at(instant),
            Self::Within(txn) => txn.shared_version_at(instant),
        }
    }
}
