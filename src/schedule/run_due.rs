//! Running a task because it is due: never twice for one occurrence.

use super::{
    claim::claim_occurrence, execution::Execution, lease::Lease, occurrence, run::Run, runner::Runner,
    sign_of_life, store, task::Task,
};
use crate::{
    clock::Instant,
    db::Txn,
    entity::{
        enums::{TaskTime, TaskTrigger},
        task_run,
    },
    error::Result,
};

impl Runner {
    /// Runs `task` for its latest occurrence, if something is due and that occurrence has not run.
    ///
    /// # Errors
    /// `BUSY`, `CLOCK_IMPLAUSIBLE`; the error that stopped the run.
    pub async fn run_due(
        &self,
        task: &'static Task,
        trigger: TaskTrigger,
    ) -> Result<Option<task_run::Model>> {
        let (db, read) = (&self.db, self.db.read());
        let now = match task.time {
            TaskTime::Business => db.now().await?,
            TaskTime::Wall => db.wall_now().await?,
        };
        sign_of_life::must_be_plausible(db, task, now).await?;
        self.disown_future(task, now).await?;
        let due = task.next_due(read, &db.policy_at(now).policy, now).await?;
        let Some(due_at) = occurrence::at_or_before(task, now) else { return Ok(None) };
        self.mark_crashed(task).await?;
        if due.is_none_or(|due| due > now) || store::is_paused(read, task).await? {
            return Ok(None);
        }
        let claim = async |txn: &Txn| claim_occurrence(txn, task, trigger, due_at).await;
        let ran = Run::carry_out(Execution::Real(self), task, None, claim).await?;
        Ok(ran.map(|(run, _)| run))
    }

    /// Frees future occurrences that were run while the clock was ahead, so that they run in their time.
    async fn disown_future(&self, task: &Task, now: Instant) -> Result<()> {
        if store::has_future(self.db.read(), task, now).await? {
            self.db.write(async |txn| store::update_future(txn, task, now).await).await?;
        }
        Ok(())
    }

    /// Marks a run whose process died as crashed, whether or not the task is due again.
    async fn mark_crashed(&self, task: &Task) -> Result<()> {
        if !store::is_running(self.db.read(), task).await? {
            return Ok(());
        }
        let mark = async |txn: &Txn| {
            let Some(lease) = Lease::take(&self.db, txn, task.name).await? else { return Ok(()) };
            store::update_crashed(txn, task).await?;
            lease.release(txn).await
        };
        self.db.write(mark).await
    }
}
