//! Running a task because someone asks, or to see what it would do.

use std::time::Duration;

use super::{
    claim::{Asked, claim_asked},
    execution::Execution,
    run::Run,
    runner::Runner,
    sign_of_life,
    task::{Counts, Task},
};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::task_run,
    error::{Fault, Result},
    input,
};

impl Runner {
    /// Runs `task` now because a person or a command asks for it.
    ///
    /// # Errors
    /// `BUSY`, `CLOCK_IMPLAUSIBLE`; `INVALID_INPUT` for an instant in the future; the error that stopped the run.
    pub async fn run_now(&self, task: &'static Task, asked: Asked) -> Result<(task_run::Model, Counts)> {
        may_look_back(&self.db, asked.as_of).await?;
        sign_of_life::must_be_plausible(&self.db, task, self.db.now().await?).await?;
        let claim = async |txn: &Txn| claim_asked(txn, task, asked).await.map(Some);
        let ran = Run::carry_out(Execution::Real(self), task, asked.as_of, claim).await?;
        Ok(ran.ok_or_else(|| Fault::Broken(format!("{} was claimed and did not run", task.name)))?)
    }
}

/// What `task` would do now: the same code in a transaction that is rolled back.
///
/// # Errors
/// The error that would stop the run; [`Fault::TimedOut`] beyond `limit`.
pub async fn dry_run(
    db: &Database,
    task: &'static Task,
    as_of: Option<Instant>,
    limit: Duration,
) -> Result<Counts> {
    may_look_back(db, as_of).await?;
    db.rehearse(limit, as_of, async |txn| Run::rehearse(txn, task).await).await
}

/// Refuses an instant in the future, by which nothing can be due yet.
async fn may_look_back(db: &Database, as_of: Option<Instant>) -> Result<()> {
    match as_of {
        Some(at) if at > db.now().await? => {
            Err(input::invalid("at", format!("{at} lies in the future. Name an instant that has passed."))
                .into())
        }
        _ => Ok(()),
    }
}
