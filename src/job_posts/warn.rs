//! Warning clients before their posts expire (J-4).

use super::{notifications, store};
use crate::{db::Txn, error::Result, notifications::notify};

/// Posts of one transaction.
const POSTS_AT_ONCE: u64 = 500;

/// Warns the clients of the next posts that expire soon, each once per activity of the client; returns how
/// many, 0 when all have been warned.
///
/// # Errors
/// When the database refuses.
pub async fn warn_due(txn: &Txn) -> Result<u64> {
    let posts = store::lock_to_warn(txn, txn.due_by(), POSTS_AT_ONCE).await?;
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    notify(txn, posts.iter().map(|post| notifications::expiring(&post.row)).collect()).await?;
    store::update_warned(txn, &ids).await?;
    Ok(posts.len() as u64)
}
