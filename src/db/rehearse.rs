//! Dry runs: transactions that are rolled back.

use std::time::Duration;

use tokio::time::{Instant as Deadline, timeout_at};

use super::{Database, Txn, may_try_again};
use crate::{
    clock::Instant,
    error::{Fault, Result},
};

/// How long the dry run of a mutation may take; SQLite's writer waits for it.
pub const REHEARSAL_LIMIT: Duration = Duration::from_secs(1);

/// How long the dry run of a task, or of an advance of the clock, may take.
pub const TASK_REHEARSAL_LIMIT: Duration = Duration::from_secs(5);

impl Database {
    /// Runs `work` like [`Database::write`] and rolls it back: a dry run answers as the real run would. Only a few
    /// run at a time, on SQLite one, each for no longer than `limit`, with what is due by `as_of`. For
    /// [a request](Database::for_request) it is rolled back when the answer is complete or the limit is reached.
    ///
    /// # Errors
    /// What `work` returns; [`Fault::TimedOut`] beyond `limit`; or a [`Fault`] of the database.
    pub async fn rehearse<T>(
        &self,
        limit: Duration,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<T> {
        let deadline = Deadline::now() + limit;
        match self.rehearse_until(deadline, as_of, work.clone()).await {
            Err(error) if may_try_again(&error) => self.rehearse_until(deadline, as_of, work).await,
            done => done,
        }
    }

    async fn rehearse_until<T>(
        &self,
        deadline: Deadline,
        as_of: Option<Instant>,
        work: impl AsyncFnOnce(&Txn) -> Result<T>,
    ) -> Result<T> {
        let turn = timeout_at(deadline, self.rehearsals.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Fault::Busy("other dry runs are under way".into()))?;
        let turn = turn.map_err(|e| Fault::Broken(e.to_string()))?;
        let txn = self.begin(as_of).await?;
        let done = timeout_at(deadline, work(&txn)).await;
        let ended = if matches!(done, Ok(Ok(_))) { self.read.keep(txn, turn, deadline) } else { Some(txn) };
        if let Some(txn) = ended {
            txn.rollback().await?;
        }
        done.map_err(|_| Fault::TimedOut("the dry run"))?
    }

    /// Runs `work` and commits it, or rehearses it when `dry_run`.
    ///
    /// # Errors
    /// As [`Database::write`] and [`Database::rehearse`].
    pub async fn write_or_rehearse<T>(
        &self,
        dry_run: bool,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<T> {
        if dry_run { self.rehearse(REHEARSAL_LIMIT, None, work).await } else { self.write(work).await }
    }
}
