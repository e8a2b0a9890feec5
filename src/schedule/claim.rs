//! Claiming a run: inserting its record under the task's lease.

use super::{store, task::Task};
use crate::{
    audit,
    audit::Record,
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, TaskRunOutcome, TaskTrigger},
        ids::{AccountId, TaskRunId},
        task_run,
    },
    error::Result,
};

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
pub(super) async fn claim_asked(txn: &Txn, task: &Task, asked: Asked) -> Result<task_run::Model> {
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
