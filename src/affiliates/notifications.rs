//! What affiliates are notified of.

use serde_json::json;

use crate::{
    clock::Instant,
    entity::{
        enums::{AffiliateState, NotificationKind},
        ids::AccountId,
    },
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[DECIDED];

const DECIDED: Event = Event {
    kind: NotificationKind::AffiliateDecided,
    sentence: |said| {
        format!("The affiliate programme has decided about you. {}.", said.title_and(&["reason"]))
    },
};

/// An admin has decided about an affiliate.
pub(super) fn decided(
    affiliate: AccountId,
    state: AffiliateState,
    reason: Option<&str>,
    at: Instant,
) -> Notification {
    // Two decisions may be made at one instant, where the clock stands still.
    let key = DECIDED.key(format!("{}/{state}", at.timestamp_micros()));
    let facts = json!({ "reason": reason.unwrap_or("No reason was needed") });
    Notification::new(&DECIDED, affiliate, key, at).titled(state.as_str()).with(facts)
}
