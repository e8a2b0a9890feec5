//! What people are notified of about the end of job posts.

use serde_json::json;

use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, job_post, proposal},
    job_posts::rules::key,
    money::Connects,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[EXPIRED, REMOVED, RETURNED];

const EXPIRED: Event = Event {
    kind: NotificationKind::JobPostExpired,
    sentence: |said| format!("\"{}\" has expired. Post it again if you are still looking.", said.title),
};

/// To the client: the post has expired (J-4).
pub(super) fn expired(post: &job_post::Model) -> Notification {
    let at = post.expires_at.unwrap_or(post.last_activity_at);
    let key = EXPIRED.key(&post.business_key);
    Notification::new(&EXPIRED, post.client_id, key, at).on(post.id, &post.title)
}

const REMOVED: Event = Event {
    kind: NotificationKind::JobPostRemoved,
    sentence: |said| {
        format!("Your job post was removed. {} You may appeal once.", said.title_and(&["reason"]))
    },
};

/// To the client: the post was removed at `at`, for this reason (J-7).
pub(super) fn removed(post: &job_post::Model, reason: &str, at: Instant) -> Notification {
    Notification::new(&REMOVED, post.client_id, REMOVED.key(&post.business_key), at)
        .on(post.id, &post.title)
        .with(json!({ "reason": reason }))
}

const RETURNED: Event = Event {
    kind: NotificationKind::ConnectsReturned,
    sentence: |said| {
        let (title, quantity) = (said.title, said.quantity);
        format!(
            "\"{title}\" was cancelled or removed. The {quantity} Connects that your proposal cost are back in your wallet."
        )
    },
};

/// To the freelancer: `quantity` Connects of the proposal came back at `at` (T-1). Its key is that of the return, by
/// which they are not notified again of the end of the post.
pub(super) fn returned(
    proposal: &proposal::Model,
    post: &job_post::Model,
    quantity: Connects,
    at: Instant,
) -> Notification {
    let key = key::of_return(&post.business_key);
    Notification::new(&RETURNED, proposal.freelancer_id, key, at).on(post.id, &post.title).of(quantity)
}
