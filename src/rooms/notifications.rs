//! What people are notified of about rooms.

use crate::{
    entity::{enums::NotificationKind, ids::AccountId, job_post, message},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[RECEIVED];

const RECEIVED: Event = Event {
    kind: NotificationKind::MessageReceived,
    sentence: |said| format!("You received a message about \"{}\".", said.title),
};

/// To the other side: a message was sent.
pub(super) fn received(message: &message::Model, to: AccountId, post: &job_post::Model) -> Notification {
    Notification::new(&RECEIVED, to, RECEIVED.key(message.id), message.sent_at).on(post.id, &post.title)
}
