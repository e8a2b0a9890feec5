//! Running a task: because it is due, because someone asks, or to see what it would do. Never twice for one
//! occurrence.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Counts, Task, execution::Execution, lease::Lease, occurrence, run::Run, sign_of_life, store};
use crate::{
    audit,
    audit::Record,
    clock::Instant,
    db::{Database, Txn},
    entity::{
        enums::{AuditAction, TaskRunOutcome, TaskTime, TaskTrigger},
        ids::{AccountId, TaskRunId},
        task_run,
    },
    error::{Fault, Result},
    input,
    providers::Providers,
};

/// Runs tasks in this process, with everything they may need.
#[derive(Clone, Debug)]
pub struct Runner {
    pub(super) db: Database,
    pub(super) stop: CancellationToken,
    providers: Option<Arc<Providers>>,
}

/// A request for a run.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// What triggered it.
    pub trigger: TaskTrigger,
    /// The person who asked, if any.
    pub actor: Option<AccountId>,
    /// The instant up to which it does what is due; absent: now.
    pub as_of: Option<Instant>,
}

impl Runner {
    /// A runner for `db` whose runs finish their batch and stop when `stop` is set. It has the providers unless the
    /// process has no secret.
    pub fn new(db: Database, providers: Option<Arc<Providers>>, stop: CancellationToken) -> Self {
        Self { db, stop, providers }
    }

    /// The providers that this process can reach.
    pub(super) fn providers(&self) -> Result<&Providers> {
        let none =
            || Fault::Setup("this process has no secret and cannot send mail; set CONNECTS_SECRET".into());
        Ok(self.providers.as_deref().ok_or_else(none)?)
    }

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
            Err(input::invalid("at", format!("{at} lies in the future; name an instant that has passed."))
                .into())
        }
        _ => Ok(()),
    }
}

/// Claims the occurrence `due_at` under the task's lease, also when an earlier run of it failed or its process died;
/// `None` when it was completed. Each attempt has a record of its own.
pub(super) async fn claim_occurrence(
    txn: &Txn,
    task: &Task,
    trigger: TaskTrigger,
    due_at: Instant,
) -> Result<Option<task_run::Model>> {
    store::update_crashed(txn, task).await?;
    if store::is_done(txn, task, due_at).await? {
        return Ok(None);
    }
    let asked = Asked { trigger, actor: None, as_of: None };
    insert_run(txn, task, asked, (due_at, txn.now())).await.map(Some)
}

/// Claims a separate run for what was asked.
async fn claim_asked(txn: &Txn, task: &Task, asked: Asked) -> Result<task_run::Model> {
    store::update_crashed(txn, task).await?;
    let due_at = asked.as_of.unwrap_or_else(|| txn.now());
    // What fell due after the requested instant remains to be done, so the run belongs to that instant.
    let run = insert_run(txn, task, asked, (due_at, due_at)).await?;
    if asked.actor.is_some() {
        audit::record(txn, Record::new(AuditAction::TaskRun, asked.actor).on(task.name)).await?;
    }
    Ok(run)
}

async fn insert_run(
    txn: &Txn,
    task: &Task,
    Asked { trigger, actor, .. }: Asked,
    (due_at, business_now): (Instant, Instant),
) -> Result<task_run::Model> {
    let run = task_run::Model {
        id: TaskRunId::new(),
        task: task.name.to_owned(),
        trigger,
        due_at,
        business_now,
        started_at: txn.wall_now().await?,
        finished_at: None,
        outcome: TaskRunOutcome::Running,
        counts: serde_json::json!({}),
        error: None,
        actor_id: actor,
    };
    store::insert_run(txn, &run).await?;
    Ok(run)
}
