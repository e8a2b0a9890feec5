//! Pausing and resuming a task. A paused task runs neither at its times nor in an advance, but still when it
//! is asked for by name.

use super::{store, task::Task};
use crate::{audit, audit::Record, db::Txn, entity::enums::AuditAction, error::Result, viewer::Viewer};

/// Pauses `task`; pausing it again changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn pause(txn: &Txn, actor: &Viewer, task: &Task) -> Result<()> {
    if store::is_paused(txn, task).await? {
        return Ok(());
    }
    store::update_state(txn, task, Some((txn.now(), actor.id()))).await?;
    audit::record(txn, Record::new(AuditAction::TaskPaused, Some(actor.id())).on(task.name)).await
}

/// Resumes `task`; resuming it again changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn resume(txn: &Txn, actor: &Viewer, task: &Task) -> Result<()> {
    if !store::is_paused(txn, task).await? {
        return Ok(());
    }
    store::update_state(txn, task, None).await?;
    audit::record(txn, Record::new(AuditAction::TaskResumed, Some(actor.id())).on(task.name)).await
}
