//! Running a task: under a lease, recorded, and never twice for one occurrence.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    TASKS, Task, TaskName, batches::Batches, lease::Lease, occurrence, rejection, sign_of_life, store,
    tasks::Counts,
};
use crate::{
    audit,
    audit::Record,
    clock::Instant,
    db::{Database, Txn},
    entity::{
        enums::{AuditAction, ClockKind, TaskRunOutcome, TaskTime, TaskTrigger},
        ids::{AccountId, TaskRunId},
        task_run,
    },
    error::{Code, Error, Fault, Result},
    input,
};

/// Runs the tasks that are rung for, one at a time in this process.
#[derive(Clone, Debug)]
pub struct Runner {
    db: Database,
    stop: CancellationToken,
    rings: mpsc::Sender<TaskName>,
    heard: Arc<tokio::sync::Mutex<mpsc::Receiver<TaskName>>>,
}

impl Runner {
    /// A runner for `db` that winds up when `stop` is set.
    pub fn new(db: Database, stop: CancellationToken) -> Self {
        let (rings, heard) = mpsc::channel(64);
        Self { db, stop, rings, heard: Arc::new(tokio::sync::Mutex::new(heard)) }
    }

    /// Rings for a task. A ring too many is dropped: the next run does all that is due anyway.
    pub fn ring(&self, task: TaskName) {
        let _ = self.rings.try_send(task);
    }

    /// Catches up on what fell due while no process ran, then answers rings until asked to stop.
    pub async fn serve(&self) {
        for task in tasks_of(self.db.clock()) {
            self.answer(task.name, TaskTrigger::CatchUp).await;
        }
        let mut heard = self.heard.lock().await;
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                Some(task) = heard.recv() => self.answer(task, TaskTrigger::Cron).await,
            }
        }
    }

    async fn answer(&self, task: TaskName, trigger: TaskTrigger) {
        match run_due(&self.db, task, trigger, &self.stop).await {
            Ok(_) => {}
            Err(Error::Rejected(no)) if no.code == Code::ClockImplausible => {
                tracing::error!(task = task.as_str(), "{no}");
            }
            Err(Error::Rejected(_)) => tracing::debug!(task = task.as_str(), "runs elsewhere"),
            Err(Error::Fault(fault)) => tracing::error!(task = task.as_str(), %fault, "a task failed"),
        }
    }
}

/// The tasks that the alarm rings for: in a sandbox only those that follow the wall clock.
pub(super) fn tasks_of(clock: ClockKind) -> impl Iterator<Item = &'static Task> {
    TASKS.iter().filter(move |task| clock == ClockKind::System || task.time == TaskTime::Wall)
}

/// Runs `task` for its latest occurrence, if something is due and that occurrence has not been run.
///
/// # Errors
/// `BUSY` when it runs elsewhere; `CLOCK_IMPLAUSIBLE`; what stopped the run.
pub async fn run_due(
    db: &Database,
    task: TaskName,
    trigger: TaskTrigger,
    stop: &CancellationToken,
) -> Result<Option<task_run::Model>> {
    let now = match task.task().time {
        TaskTime::Business => db.now().await?,
        TaskTime::Wall => db.wall_now().await?,
    };
    let policy = &db.policy_at(now).policy;
    sign_of_life::must_be_plausible(db, task, now).await?;
    disown_future(db, task, now).await?;
    let due = task.next_due(db.read(), policy, now).await?;
    let Some(due_at) = occurrence::at_or_before(task.task(), now) else { return Ok(None) };
    bury_the_dead(db, task).await?;
    if due.is_none_or(|due| due > now) || store::is_paused(db.read(), task).await? {
        return Ok(None);
    }
    let claim = async |txn: &Txn| {
        let lease =
            Lease::take(db, txn, task.as_str()).await?.ok_or_else(|| rejection::busy(task.as_str()))?;
        let run = claim_occurrence(txn, task, trigger, due_at).await?;
        if run.is_none() {
            lease.release(txn).await?;
            return Ok(None);
        }
        Ok(run.map(|run| (lease, run)))
    };
    let Some((lease, run)) = db.write(claim).await? else { return Ok(None) };
    let outcome = guarded(task, &mut Batches::Real { db, lease: &lease, stop, as_of: None }).await;
    let run = db
        .write(async |txn| {
            lease.release(txn).await?;
            record(txn, run, &outcome).await
        })
        .await?;
    outcome.map(|_| Some(run))
}

/// What ran while the clock was ahead does not stand for the times to come, so that they are run.
async fn disown_future(db: &Database, task: TaskName, now: Instant) -> Result<()> {
    if store::has_future(db.read(), task, now).await? {
        db.write(async |txn| store::update_future(txn, task, now).await).await?;
    }
    Ok(())
}

/// A run whose process died is told as crashed, whether or not the task is due again.
async fn bury_the_dead(db: &Database, task: TaskName) -> Result<()> {
    if !store::is_running(db.read(), task).await? {
        return Ok(());
    }
    let bury = async |txn: &Txn| {
        let Some(lease) = Lease::take(db, txn, task.as_str()).await? else { return Ok(()) };
        store::update_crashed(txn, task).await?;
        lease.release(txn).await
    };
    db.write(bury).await
}

/// Who asks for a run, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// By what.
    pub trigger: TaskTrigger,
    /// By whom, when a person asks.
    pub actor: Option<AccountId>,
    /// For what was due by then; absent: by now.
    pub as_of: Option<Instant>,
}

/// Nothing is due yet after now.
async fn may_look_back(db: &Database, as_of: Option<Instant>) -> Result<()> {
    match as_of {
        Some(at) if at > db.now().await? => Err(input::invalid(
            "at",
            format!("{at} lies in the future; a task does what was due by an instant."),
        )
        .into()),
        _ => Ok(()),
    }
}

/// Runs `task` now because a person or a command asks for it.
///
/// # Errors
/// `BUSY` when it runs elsewhere; `INVALID_INPUT` for an instant in the future; `CLOCK_IMPLAUSIBLE`; what
/// stopped the run.
pub async fn run_now(
    db: &Database,
    task: TaskName,
    asked: Asked,
    stop: &CancellationToken,
) -> Result<(task_run::Model, Counts)> {
    may_look_back(db, asked.as_of).await?;
    sign_of_life::must_be_plausible(db, task, db.now().await?).await?;
    let claim = async |txn: &Txn| {
        let lease =
            Lease::take(db, txn, task.as_str()).await?.ok_or_else(|| rejection::busy(task.as_str()))?;
        store::update_crashed(txn, task).await?;
        let due_at = asked.as_of.unwrap_or_else(|| txn.now());
        let run = new_run(txn, task, asked.trigger, due_at, asked.actor).await?;
        // What fell due after the instant asked for is still to do, so the run stands for that instant.
        let run = task_run::Model { business_now: due_at, ..run };
        store::insert_run(txn, &run).await?;
        if asked.actor.is_some() {
            audit::record(txn, Record::new(AuditAction::TaskRun, asked.actor).on(task.as_str())).await?;
        }
        Ok((lease, run))
    };
    let (lease, run) = db.write(claim).await?;
    let outcome = guarded(task, &mut Batches::Real { db, lease: &lease, stop, as_of: asked.as_of }).await;
    let run = db
        .write(async |txn| {
            lease.release(txn).await?;
            record(txn, run, &outcome).await
        })
        .await?;
    outcome.map(|counts| (run, counts))
}

/// What `task` would do now: the same code in a transaction that is rolled back.
///
/// # Errors
/// What would stop the run; [`Fault::TimedOut`] beyond `limit`.
pub async fn dry_run(
    db: &Database,
    task: TaskName,
    as_of: Option<Instant>,
    limit: std::time::Duration,
) -> Result<Counts> {
    may_look_back(db, as_of).await?;
    db.rehearse(limit, as_of, async |txn| task.run(&mut Batches::Within { txn }).await).await
}

/// Claims the occurrence `due_at` under the task's lease, also when an earlier run for it failed or
/// its process died; `None` when it was run to its end. Each attempt keeps a record of its own.
pub(super) async fn claim_occurrence(
    txn: &Txn,
    task: TaskName,
    trigger: TaskTrigger,
    due_at: Instant,
) -> Result<Option<task_run::Model>> {
    store::update_crashed(txn, task).await?;
    if store::is_done(txn, task, due_at).await? {
        return Ok(None);
    }
    let run = new_run(txn, task, trigger, due_at, None).await?;
    store::insert_run(txn, &run).await?;
    Ok(Some(run))
}

async fn new_run(
    txn: &Txn,
    task: TaskName,
    trigger: TaskTrigger,
    due_at: Instant,
    actor_id: Option<AccountId>,
) -> Result<task_run::Model> {
    Ok(task_run::Model {
        id: TaskRunId::new(),
        task: task.as_str().to_owned(),
        trigger,
        due_at,
        business_now: txn.now(),
        started_at: txn.wall_now().await?,
        finished_at: None,
        outcome: TaskRunOutcome::Running,
        counts: serde_json::json!({}),
        error: None,
        actor_id,
    })
}

/// Runs the task's body; a panic in it is a failed run, not a dead scheduler.
pub(super) async fn guarded(task: TaskName, batches: &mut Batches<'_>) -> Result<Counts> {
    let body = AssertUnwindSafe(task.run(batches)).catch_unwind();
    body.await.unwrap_or_else(|_| Err(Fault::Broken(format!("{} panicked", task.as_str())).into()))
}

/// Writes what came of a run.
pub(super) async fn record(
    txn: &Txn,
    run: task_run::Model,
    outcome: &Result<Counts>,
) -> Result<task_run::Model> {
    let (outcome, counts, error) = match outcome {
        Ok(counts) => (TaskRunOutcome::Succeeded, serde_json::json!(counts), None),
        Err(Error::Fault(Fault::Stopped)) => (TaskRunOutcome::Interrupted, run.counts.clone(), None),
        Err(error) => (TaskRunOutcome::Failed, run.counts.clone(), Some(error.to_string())),
    };
    let finished_at = Some(txn.wall_now().await?);
    let run = task_run::Model { finished_at, outcome, counts, error, ..run };
    store::update_run(txn, &run).await?;
    Ok(run)
}
