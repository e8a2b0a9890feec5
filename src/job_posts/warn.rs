//! Warning clients before their posts expire (J-4).

use super::store;
use crate::{
    db::Txn,
    entity::{enums::NotificationKind, job_post},
    error::Result,
    outbox::{self, Told},
};

/// Posts of one transaction.
const POSTS_AT_ONCE: u64 = 500;

/// Warns the clients of the next posts that expire soon, each once for each activity of his; returns how
/// many, 0 when all are warned.
///
/// # Errors
/// When the database refuses.
pub async fn warn_due(txn: &Txn) -> Result<u64> {
    let posts = store::lock_to_warn(txn, txn.due_by(), POSTS_AT_ONCE).await?;
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    outbox::tell_each(txn, posts.iter().map(|post| warning(&post.row)).collect()).await?;
    store::update_warned(txn, &ids).await?;
    Ok(posts.len() as u64)
}

fn warning(post: &job_post::Model) -> Told {
    let expires_at = post.expires_at.unwrap_or(post.last_activity_at);
    Told {
        account: post.client_id,
        kind: NotificationKind::JobPostExpiring,
        key: format!(
            "{}/{}/{}",
            NotificationKind::JobPostExpiring,
            post.business_key,
            expires_at.timestamp()
        ),
        job_post: Some(post.id),
        subject: Some(post.title.clone()),
        quantity: None,
        about_at: expires_at,
    }
}
