//! An admin takes a post down for a violation (J-7): every proposal that was not withdrawn gets its
//! Connects back (T-1).

use super::{
    expire::expire,
    returns::{End, end},
};
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{
        enums::{AuditAction, EntryKind, JobPostState, NotificationKind, ReportState},
        ids::JobPostId,
    },
    error::Result,
    input,
    job_posts::{
        self, rejection,
        rules::life::{self, Move, state_at},
    },
    outbox::{self, Told},
    viewer::Viewer,
};

/// Takes a post down, decides its reports, and tells its client, who may appeal once.
///
/// # Errors
/// `NOT_ALLOWED` unless `admin` is one; `NOT_FOUND`; `ILLEGAL_STATE`; `INVALID_INPUT` for the reason.
pub async fn remove(txn: &Txn, admin: &Viewer, id: JobPostId, reason: &str) -> Result<JobPostId> {
    admin.must_be_admin()?;
    let reason = input::text("input.reason", reason, 1, 1_000)?;
    let post = job_posts::store::lock_posts(txn, &[id]).await?.pop();
    let post = post.ok_or_else(rejection::no_such_job_post)?;
    let state = state_at(post.state, post.expires_at, txn.now());
    life::may_move(Move::Remove, state)?;
    if state != post.state {
        // Its time was up, and the task has not come by yet: first it expires, at its own instant.
        expire(txn, std::slice::from_ref(&post)).await?;
    }
    let how = End {
        state: JobPostState::Removed,
        returns: EntryKind::ReturnedRemoved,
        reason: Some(&reason),
        actor: admin.id(),
    };
    end(txn, &post, &how).await?;
    job_posts::store::insert_removal(txn, id, &reason, admin.id()).await?;
    let removed = Record::new(AuditAction::JobPostRemoved, Some(admin.id())).to(post.client_id);
    audit::record(txn, removed.on(&post.business_key)).await?;
    job_posts::decide_reports(txn, admin, &post, ReportState::Upheld, &reason).await?;
    let told = Told {
        account: post.client_id,
        kind: NotificationKind::JobPostRemoved,
        key: format!("{}/{}", NotificationKind::JobPostRemoved, post.business_key),
        job_post: Some(id),
        subject: Some(format!("\"{}\": {reason}", post.title)),
        quantity: None,
        about_at: txn.now(),
    };
    outbox::tell_each(txn, vec![told]).await?;
    Ok(id)
}
