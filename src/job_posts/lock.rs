//! Locking a job post, so that actions are decided by its current state.

use super::{
    rejection,
    store::{self, LockedPost},
};
use crate::{accounts::Acting, db::Txn, entity::ids::JobPostId, error::Result};

/// Locks a post.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(txn: &Txn, id: JobPostId) -> Result<LockedPost> {
    Ok(store::lock_posts(txn, &[id]).await?.pop().ok_or_else(rejection::no_such_job_post)?)
}

/// Locks a post of `client`; other clients' posts are not found.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_own(txn: &Txn, client: &Acting, id: JobPostId) -> Result<LockedPost> {
    let post = lock(txn, id).await?;
    if post.row.client_id == client.id() { Ok(post) } else { Err(rejection::no_such_job_post().into()) }
}
