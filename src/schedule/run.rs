//! The life of a run: it is claimed, does its work in batches, and its outcome is recorded.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::{
    execution::Execution,
    lease::Lease,
    store,
    task::{Counts, Task},
};
use crate::{
    clock::Instant,
    db::Txn,
    entity::{enums::TaskRunOutcome, task_run},
    error::{Error, Fault, Result},
};

/// A running task.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The task.
    pub task: &'static Task,
    /// Whether it is real or a rehearsal.
    pub execution: Execution<'a>,
    /// The task's lease, if each batch commits on its own.
    lease: Option<Lease>,
    /// The instant up to which it does what is due; absent: now.
    as_of: Option<Instant>,
}

impl<'a> Run<'a> {
    /// Runs `task` from its claim to its record. `claim` inserts the record, under the task's lease, or finds nothing
    /// to run.
    ///
    /// # Errors
    /// `BUSY`; what `claim` returns; the error that stopped the run.
    pub async fn carry_out(
        execution: Execution<'a>,
        task: &'static Task,
        as_of: Option<Instant>,
        claim: impl AsyncFnOnce(&Txn) -> Result<Option<task_run::Model>> + Clone,
    ) -> Result<Option<(task_run::Model, Counts)>> {
        let claimed = execution.step(async |txn: &Txn| {
            let lease = execution.lease(txn, task.name).await?;
            let record = claim.clone()(txn).await?;
            if record.is_none() {
                give_back(lease.as_ref(), txn).await?;
            }
            Ok(record.map(|record| (lease, record)))
        });
        let Some((lease, record)) = claimed.await? else { return Ok(None) };
        let run = Self { task, execution, lease, as_of };
        let outcome = run.work().await;
        Ok(Some(run.end(record, outcome).await?))
    }

    /// Does in `txn` what `task` would do, without a record.
    ///
    /// # Errors
    /// The error that would stop the run.
    pub async fn rehearse(txn: &'a Txn, task: &'static Task) -> Result<Counts> {
        let execution = Execution::Within(txn);
        task.run(&Self { task, execution, lease: None, as_of: None }).await
    }

    /// Runs a batch, under the lease.
    ///
    /// # Errors
    /// What `work` returns; [`Fault::Stopped`]; [`Fault::Busy`] when the lease passed to another process.
    pub async fn batch<T>(&self, work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone) -> Result<T> {
        self.execution.must_go_on()?;
        self.settle(work).await
    }

    /// Records what a batch has done outside of the database, under the lease; also when the process is asked to stop.
    ///
    /// # Errors
    /// What `work` returns; [`Fault::Busy`] when the lease passed to another process.
    pub async fn settle<T>(&self, work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone) -> Result<T> {
        let under_lease = async |txn: &Txn| {
            if let Some(lease) = &self.lease {
                lease.must_hold(txn).await?;
            }
            work.clone()(txn).await
        };
        self.execution.batch(self.as_of, under_lease).await
    }

    /// The task's own part; a panic in it is a failed run, not a dead scheduler.
    async fn work(&self) -> Result<Counts> {
        let work = AssertUnwindSafe(self.task.run(self)).catch_unwind();
        work.await.unwrap_or_else(|_| Err(Fault::Broken(format!("{} panicked", self.task.name)).into()))
    }

    /// Records the outcome and gives the lease back.
    async fn end(
        self,
        record: task_run::Model,
        outcome: Result<Counts>,
    ) -> Result<(task_run::Model, Counts)> {
        if matches!(self.execution, Execution::Within(_)) && outcome.is_err() {
            // The record would be rolled back with everything else, so nobody would ever see it.
            return outcome.map(|counts| (record, counts));
        }
        let write = async |txn: &Txn| {
            give_back(self.lease.as_ref(), txn).await?;
            let ended = ended(record.clone(), &outcome, txn.wall_now().await?);
            store::update_run(txn, &ended).await?;
            Ok(ended)
        };
        let record = self.execution.step(write).await?;
        outcome.map(|counts| (record, counts))
    }
}

async fn give_back(lease: Option<&Lease>, txn: &Txn) -> Result<()> {
    match lease {
        Some(lease) => lease.release(txn).await,
        None => Ok(()),
    }
}

/// `run`, ended at `now`.
fn ended(run: task_run::Model, outcome: &Result<Counts>, now: Instant) -> task_run::Model {
    let (outcome, counts, error) = match outcome {
        Ok(counts) => (TaskRunOutcome::Succeeded, serde_json::json!(counts), None),
        Err(Error::Fault(Fault::Stopped)) => (TaskRunOutcome::Interrupted, run.counts.clone(), None),
        Err(error) => (TaskRunOutcome::Failed, run.counts.clone(), Some(error.to_string())),
    };
    task_run::Model { finished_at: Some(now), outcome, counts, error, ..run }
}
