//! What people are notified of about memberships.

use crate::{
    clock::Instant,
    entity::enums::NotificationKind,
    notifications::{Event, OwnerNotification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[GRANTED];

const GRANTED: Event = Event {
    kind: NotificationKind::ConnectsGranted,
    sentence: |said| {
        let (quantity, day) = (said.quantity, said.day);
        format!("{quantity} Connects were added to your wallet for the billing cycle from {day}.")
    },
};

/// To the owners: the Connects of the cycle that starts at `starts_at` are there (M-5).
pub(super) fn granted(starts_at: Instant) -> OwnerNotification<'static> {
    let key = GRANTED.key(starts_at.date_naive());
    OwnerNotification { event: &GRANTED, key, about_at: starts_at, threshold_days: None }
}
