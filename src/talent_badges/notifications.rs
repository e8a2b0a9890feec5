//! What freelancers are notified of about talent badges.

use crate::{
    entity::{enums::NotificationKind, talent_badge},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[AWARDED];

const AWARDED: Event = Event {
    kind: NotificationKind::TalentBadgeAwarded,
    sentence: |said| format!("You were awarded the badge {}.", said.title),
};

/// To the freelancer: they have a badge.
pub(super) fn awarded(badge: &talent_badge::Model) -> Notification {
    let key = AWARDED.key(badge.id);
    Notification::new(&AWARDED, badge.account_id, key, badge.awarded_at).titled(badge.kind.as_str())
}
