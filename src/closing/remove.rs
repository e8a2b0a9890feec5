//! An admin takes posts down for a violation (J-7): every proposal that was not withdrawn gets its
//! Connects back (T-1).

use super::{
    expire::expire,
    notifications,
    returns::{End, end},
};
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{
        enums::{AuditAction, HistoryKind, ReportState},
        ids::JobPostId,
    },
    error::Result,
    input,
    job_posts::{
        self, LockedPost,
        rules::life::{self, Move},
    },
    notifications::notify,
    viewer::Viewer,
};

/// Takes a post down, decides its reports, and notifies its client, who may appeal once.
///
/// # Errors
/// `NOT_FOUND`; `ILLEGAL_STATE`; `INVALID_INPUT` for the reason.
pub async fn remove(txn: &Txn, admin: &Viewer, id: JobPostId, reason: &str) -> Result<JobPostId> {
    let reason = input::text("reason", reason, 1, 1_000)?;
    let post = job_posts::lock(txn, id).await?;
    life::moved(post.state, Move::Remove)?;
    remove_all(txn, admin, &[post], &reason).await?;
    Ok(id)
}

/// Removes the locked posts, in a fixed number of statements for each 500 of them and of
/// their proposals.
pub(super) async fn remove_all(txn: &Txn, admin: &Viewer, posts: &[LockedPost], reason: &str) -> Result<()> {
    // Those whose time is up and which the task has not expired yet expire first, at their own instants.
    let overdue: Vec<_> = posts.iter().filter(|post| post.is_overdue()).cloned().collect();
    expire(txn, &overdue).await?;
    let how = End {
        way: Move::Remove,
        returns: HistoryKind::ReturnedRemoved,
        reason: Some(reason),
        actor: admin.id(),
    };
    end(txn, posts, &how).await?;
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    job_posts::store::insert_removals(txn, &ids, reason, admin.id()).await?;
    let kept = |LockedPost { row: post, .. }: &LockedPost| {
        let removed = Record::new(AuditAction::JobPostRemoved, Some(admin.id())).to(post.client_id);
        removed.on(&post.business_key)
    };
    audit::record_all(txn, posts.iter().map(kept).collect()).await?;
    job_posts::decide_reports(txn, admin, posts, ReportState::Upheld, reason).await?;
    let removed = posts.iter().map(|post| notifications::removed(&post.row, reason, txn.now()));
    notify(txn, removed.collect()).await
}
