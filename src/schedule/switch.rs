//! Pausing and resuming a task. A paused task is neither rung for nor run by an advance; asked
//! for by name it still runs.

use super::{TaskName, store};
use crate::{db::Txn, error::Result, viewer::Viewer};

/// Pauses `task`; a second time changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` is an admin.
pub async fn pause(txn: &Txn, actor: &Viewer, task: TaskName) -> Result<()> {
    actor.must_be_admin()?;
    if store::is_paused(txn, task).await? {
        return Ok(());
    }
    store::update_state(txn, task, Some((txn.now(), actor.id()))).await
}

/// Resumes `task`; a second time changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` is an admin.
pub async fn resume(txn: &Txn, actor: &Viewer, task: TaskName) -> Result<()> {
    actor.must_be_admin()?;
    store::update_state(txn, task, None).await
}
