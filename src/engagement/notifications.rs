//! What people are notified of about what a client does with their proposals.

use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, job_post, proposal},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[DECLINED];

const DECLINED: Event = Event {
    kind: NotificationKind::ProposalDeclined,
    sentence: |said| format!("The client of \"{}\" declined your proposal.", said.title),
};

/// To the freelancer: the client declined the proposal at `at`.
pub(super) fn declined(proposal: &proposal::Model, post: &job_post::Model, at: Instant) -> Notification {
    let key = DECLINED.key(proposal.id);
    Notification::new(&DECLINED, proposal.freelancer_id, key, at).on(post.id, &post.title)
}
