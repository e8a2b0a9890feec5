//! Reports of job posts, and appeals against removals (J-7).

use std::collections::HashMap;

use super::{
    lock::{lock, lock_own},
    notifications, rejection,
    rules::life::is_hidden,
    store::{self, LockedPost},
};
use crate::{
    accounts,
    audit::{self, Record},
    db::Txn,
    entity::{
        enums::{AuditAction, JobPostState, ReportReason, ReportState},
        ids::{JobPostId, ReportId},
        job_post_report,
    },
    error::Result,
    input,
    notifications::notify,
    viewer::Viewer,
};

/// A report of a post; its text is checked.
#[derive(Clone, Debug)]
pub struct Report {
    /// The post.
    pub job_post: JobPostId,
    /// What is wrong with it.
    pub reason: ReportReason,
    /// A comment, which may be empty.
    pub comment: String,
}

/// Adds a report of `reporter` to the queue.
///
/// # Errors
/// `NOT_FOUND`, `ALREADY_REPORTED`, `ACCOUNT_CLOSED`.
pub async fn report(txn: &Txn, reporter: &Viewer, report: &Report) -> Result<ReportId> {
    let person = accounts::acting_even_suspended(txn, reporter.id()).await?;
    // The lock makes the report wait for a removal, which decides all open reports.
    store::lock_posts(txn, &[report.job_post]).await?;
    let seen = store::find_visible(txn, Some(reporter), report.job_post, txn.now()).await?;
    // People who have proposed to a removed post still see it, but there is nothing left to decide.
    let post = seen.filter(|post| !is_hidden(post.state)).ok_or_else(rejection::no_such_job_post)?;
    let row = job_post_report::Model {
        id: ReportId::new(),
        job_post_id: post.id,
        reporter_id: person.id(),
        reason: report.reason,
        comment: report.comment.clone(),
        state: ReportState::Open,
        decision: None,
        decided_at: None,
        decided_by: None,
        created_at: txn.now(),
    };
    let id = row.id;
    if store::insert_report(txn, row).await? { Ok(id) } else { Err(rejection::already_reported().into()) }
}

/// Decides that a post stays: its open reports are dismissed, and their reporters notified. Returns how many.
///
/// # Errors
/// `NOT_FOUND`; `NOTHING_TO_DECIDE`; `INVALID_INPUT` for the reason.
pub async fn dismiss_reports(txn: &Txn, admin: &Viewer, id: JobPostId, reason: &str) -> Result<u64> {
    let reason = input::text("reason", reason, 1, 1_000)?;
    let post = lock(txn, id).await?;
    match decide_reports(txn, admin, std::slice::from_ref(&post), ReportState::Dismissed, &reason).await? {
        0 => Err(rejection::nothing_to_decide("report").into()),
        decided => {
            let dismissed =
                Record::new(AuditAction::ReportsDismissed, Some(admin.id())).to(post.row.client_id);
            audit::record(txn, dismissed.on(&post.row.business_key)).await?;
            Ok(decided)
        }
    }
}

/// Decides all open reports of locked posts, and notifies their reporters; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn decide_reports(
    txn: &Txn,
    admin: &Viewer,
    posts: &[LockedPost],
    state: ReportState,
    reason: &str,
) -> Result<u64> {
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    let reports = store::list_open_reports(txn, &ids).await?;
    store::update_reports(txn, &ids, state, reason, admin.id()).await?;
    let by_id: HashMap<_, _> = posts.iter().map(|post| (post.row.id, &post.row)).collect();
    let posts = reports.iter().filter_map(|report| Some((report, by_id.get(&report.job_post_id)?)));
    let decided =
        |(report, post): (&_, &&_)| notifications::report_decided(report, post, (state, reason), txn.now());
    notify(txn, posts.map(decided).collect()).await?;
    Ok(reports.len() as u64)
}

/// Appeals, once, against the removal of a post of the client.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE` unless it was removed, `ALREADY_APPEALED`, `ACCOUNT_CLOSED`, `INVALID_INPUT` for the
/// text.
pub async fn appeal(txn: &Txn, client: &Viewer, id: JobPostId, text: &str) -> Result<JobPostId> {
    let text = input::text("text", text, 1, 2_000)?;
    let client = accounts::acting_even_suspended(txn, client.id()).await?;
    let post = lock_own(txn, &client, id).await?;
    if post.state != JobPostState::Removed {
        return Err(rejection::illegal_state(post.state, &[JobPostState::Removed]).into());
    }
    if store::update_appeal(txn, id, &text).await? {
        Ok(id)
    } else {
        Err(rejection::already_appealed().into())
    }
}

/// Answers an appeal, and notifies the client. The post stays removed (J-2): a client who was right posts it again.
///
/// # Errors
/// `NOT_FOUND`; `NOTHING_TO_DECIDE`; `INVALID_INPUT` for the answer.
pub async fn answer_appeal(txn: &Txn, admin: &Viewer, id: JobPostId, answer: &str) -> Result<JobPostId> {
    let answer = input::text("answer", answer, 1, 2_000)?;
    let post = lock(txn, id).await?.row;
    if !store::update_answer(txn, id, &answer, admin.id()).await? {
        return Err(rejection::nothing_to_decide("appeal").into());
    }
    notify(txn, vec![notifications::appeal_answered(&post, &answer, txn.now())]).await?;
    let answered = Record::new(AuditAction::AppealAnswered, Some(admin.id())).to(post.client_id);
    audit::record(txn, answered.on(&post.business_key)).await?;
    Ok(id)
}
