//! Suspending a person for fraud: their job posts are removed (P-4).

use super::{remove::remove_all, returns::lock_wallets};
use crate::{
    accounts,
    db::Txn,
    entity::{enums::RestrictionKind, ids::AccountId},
    error::Result,
    input,
    job_posts::{self, LockedPost, rules::life::Move},
    viewer::Viewer,
};

/// Posts that are removed at once.
const POSTS_AT_ONCE: usize = 500;

/// Suspends `account` for fraud and takes its posts down: every proposal to them that was not withdrawn
/// gets its Connects back (T-1). A second call changes nothing. Returns how many posts it took down.
///
/// # Errors
/// `NOT_FOUND`, `INVALID_INPUT`.
pub async fn suspend_for_fraud(txn: &Txn, admin: &Viewer, account: AccountId, reason: &str) -> Result<i64> {
    // Suspending locks the account, so that no other post is published meanwhile.
    if !accounts::suspend(txn, admin, account, (RestrictionKind::Fraud, reason)).await? {
        return Ok(0);
    }
    let reason = input::text("reason", reason, 1, 500)?;
    let posts = job_posts::store::lock_of_client(txn, account).await?;
    let may_go = |post: &LockedPost| Move::Remove.after(post.state).is_some();
    let posts: Vec<_> = posts.into_iter().filter(may_go).collect();
    lock_wallets(txn, &posts, None).await?;
    for chunk in posts.chunks(POSTS_AT_ONCE) {
        remove_all(txn, admin, chunk, &reason).await?;
    }
    Ok(i64::try_from(posts.len()).unwrap_or(i64::MAX))
}
