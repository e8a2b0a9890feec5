//! Posts without activity expire (J-4); nothing comes back (T-2).

use sea_orm::ConnectionTrait;

use crate::{
    clock::Instant,
    db::Txn,
    entity::{enums::NotificationKind, job_post},
    error::Result,
    job_posts::{self, LockedPost},
    outbox::{self, Told},
    proposals,
};

/// Posts of one transaction.
const POSTS_AT_ONCE: u64 = 200;

/// Expires the next posts whose time is up, each at its own deadline: their live proposals are
/// archived, and everyone concerned is told. Returns how many, 0 when all are expired.
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
    proposals::store::archive(txn, &ids).await?;
    outbox::tell_each(txn, posts.iter().map(|post| notice(&post.row)).collect()).await
}

fn notice(post: &job_post::Model) -> Told {
    Told {
        account: post.client_id,
        kind: NotificationKind::JobPostExpired,
        key: format!("{}/{}", NotificationKind::JobPostExpired, post.business_key),
        job_post: Some(post.id),
        subject: Some(post.title.clone()),
        quantity: None,
        about_at: post.expires_at.unwrap_or(post.last_activity_at),
    }
}

/// When the next post expires or its client is to be warned of that.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_deadline(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    job_posts::store::find_next_deadline(db).await
}
