//! What people are notified of about their Connects.

use crate::{
    clock::Instant,
    entity::enums::NotificationKind,
    notifications::{Event, OwnerNotification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[EXPIRING];

const EXPIRING: Event = Event {
    kind: NotificationKind::ConnectsExpiring,
    sentence: |said| {
        let (quantity, day) = (said.quantity, said.day);
        format!(
            "{quantity} of your Connects expire soon, the first of them on {day}. Spend them before then."
        )
    },
};

/// To the owner: in `days` days Connects expire, the first of them at `first` (L-6).
pub(super) fn expiring(days: i64, first: Instant) -> OwnerNotification<'static> {
    let key = EXPIRING.key(format_args!("{days}/{}", first.timestamp_micros()));
    OwnerNotification { event: &EXPIRING, key, about_at: first, threshold_days: Some(days) }
}
