//! What people are notified of about tickets.

use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, ids::TicketMessageId, ticket},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[ANSWERED, CLOSED];

const ANSWERED: Event = Event {
    kind: NotificationKind::TicketAnswered,
    sentence: |said| format!("Support has answered your ticket \"{}\".", said.title),
};

const CLOSED: Event = Event {
    kind: NotificationKind::TicketClosed,
    sentence: |said| format!("Support has closed your ticket \"{}\".", said.title),
};

/// Support has answered.
pub(super) fn answered(row: &ticket::Model, message: TicketMessageId, at: Instant) -> Notification {
    Notification::new(&ANSWERED, row.account_id, ANSWERED.key(message), at).titled(&row.subject)
}

/// Support has closed the ticket.
pub(super) fn closed(row: &ticket::Model, at: Instant) -> Notification {
    Notification::new(&CLOSED, row.account_id, CLOSED.key(row.id), at).titled(&row.subject)
}
