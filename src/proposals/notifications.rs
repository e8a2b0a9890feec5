//! What people are notified of about proposals.

use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, ids::ProposalId, job_post, proposal},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[RECEIVED, WITHDRAWN, ARCHIVED];

const RECEIVED: Event = Event {
    kind: NotificationKind::ProposalReceived,
    sentence: |said| format!("You received a proposal for \"{}\".", said.title),
};

/// To the client: a proposal came in.
pub(super) fn received(post: &job_post::Model, proposal: &proposal::Model) -> Notification {
    let key = RECEIVED.key(proposal.id);
    Notification::new(&RECEIVED, post.client_id, key, proposal.submitted_at).on(post.id, &post.title)
}

const WITHDRAWN: Event = Event {
    kind: NotificationKind::ProposalWithdrawn,
    sentence: |said| format!("A freelancer withdrew their proposal for \"{}\".", said.title),
};

/// To the client: a freelancer withdrew a proposal at `at`.
pub(super) fn withdrawn(id: ProposalId, post: &job_post::Model, at: Instant) -> Notification {
    Notification::new(&WITHDRAWN, post.client_id, WITHDRAWN.key(id), at).on(post.id, &post.title)
}

/// To the freelancers: the job has ended without them. The store selects their keys, `ENDED/` and that of the post.
pub(super) const ARCHIVED: Event = Event {
    kind: NotificationKind::ProposalArchived,
    sentence: |said| format!("\"{}\" has ended, so your proposal was archived.", said.title),
};
