//! What people are notified of about job posts and reports.

use serde_json::json;

use crate::{
    clock::Instant,
    entity::{
        enums::{NotificationKind, ReportState},
        job_post, job_post_report,
    },
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[EXPIRING, REPORT_DECIDED, APPEAL_ANSWERED];

const EXPIRING: Event = Event {
    kind: NotificationKind::JobPostExpiring,
    sentence: |said| format!("\"{}\" expires on {}. Edit it to keep it open.", said.title, said.day),
};

/// To the client: the post expires soon (J-4).
pub(super) fn expiring(post: &job_post::Model) -> Notification {
    let expires_at = post.expires_at.unwrap_or(post.last_activity_at);
    let key = EXPIRING.key(format_args!("{}/{}", post.business_key, expires_at.timestamp()));
    Notification::new(&EXPIRING, post.client_id, key, expires_at).on(post.id, &post.title)
}

const REPORT_DECIDED: Event = Event {
    kind: NotificationKind::ReportDecided,
    sentence: |said| format!("Your report was decided. {}", said.title_and(&["state", "reason"])),
};

/// To the reporter: the report was decided at `at`, for this reason (J-7).
pub(super) fn report_decided(
    report: &job_post_report::Model,
    post: &job_post::Model,
    (state, reason): (ReportState, &str),
    at: Instant,
) -> Notification {
    let reported_at = report.created_at.timestamp_micros();
    let key = REPORT_DECIDED.key(format_args!("{}/{reported_at}", post.business_key));
    Notification::new(&REPORT_DECIDED, report.reporter_id, key, at)
        .on(post.id, &post.title)
        .with(json!({ "state": state, "reason": reason }))
}

const APPEAL_ANSWERED: Event = Event {
    kind: NotificationKind::AppealAnswered,
    sentence: |said| format!("Your appeal was answered. {}", said.title_and(&["answer"])),
};

/// To the client: the appeal was answered at `at` (J-7).
pub(super) fn appeal_answered(post: &job_post::Model, answer: &str, at: Instant) -> Notification {
    let key = APPEAL_ANSWERED.key(&post.business_key);
    Notification::new(&APPEAL_ANSWERED, post.client_id, key, at)
        .on(post.id, &post.title)
        .with(json!({ "answer": answer }))
}
