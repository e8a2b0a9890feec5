//! Posts without activity expire (J-4); no Connects are returned (T-2).

use sea_orm::ConnectionTrait;

use super::notifications;
use crate::{
    clock::Instant,
    contracts,
    db::Txn,
    error::Result,
    job_posts::{self, LockedPost},
    notifications::notify,
    proposals,
};

/// Posts of one transaction.
const POSTS_AT_ONCE: u64 = 200;

/// Expires the next posts whose time is up, each at its own deadline: their live proposals are
/// archived, and everyone concerned is notified. Returns how many, 0 when all are expired.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(txn: &Txn) -> Result<u64> {
    let posts = job_posts::store::lock_expired(txn, txn.due_by(), POSTS_AT_ONCE).await?;
    expire(txn, &posts).await?;
    Ok(posts.len() as u64)
}

/// Expires locked posts whose time is up.
pub(super) async fn expire(txn: &Txn, posts: &[LockedPost]) -> Result<()> {
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    job_posts::store::update_expired(txn, &ids).await?;
    contracts::withdraw_from(txn, &ids).await?;
    proposals::store::archive(txn, &ids).await?;
    notify(txn, posts.iter().map(|post| notifications::expired(&post.row)).collect()).await
}

/// When the next post expires or its client is to be warned of that.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_deadline(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    job_posts::store::find_next_deadline(db).await
}
