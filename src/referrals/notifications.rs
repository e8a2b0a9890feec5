//! What freelancers are notified of about referral campaigns.

use super::rules;
use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, referral, referral_campaign, referral_link},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[INVITED, REMINDED, REGISTERED];

const INVITED: Event = Event {
    kind: NotificationKind::ReferralInvited,
    sentence: |said| {
        let (campaign, deadline) = (said.title, said.fact("deadline"));
        format!("You can refer friends until {deadline} and be rewarded for it (campaign: {campaign}).")
    },
};

const REMINDED: Event = Event {
    kind: NotificationKind::ReferralReminded,
    sentence: |said| {
        let (campaign, deadline) = (said.title, said.fact("deadline"));
        format!("You can still refer friends until {deadline} (campaign: {campaign}).")
    },
};

const REGISTERED: Event = Event {
    kind: NotificationKind::FriendRegistered,
    sentence: |_| "A friend has registered through your link.".to_owned(),
};

/// To the owner of a link that was just issued.
pub(super) fn invited(campaign: &referral_campaign::Model, link: &referral_link::Model) -> Notification {
    about(&INVITED, campaign, link, link.issued_at)
}

/// To the owner of a link, at `at`.
pub(super) fn reminded(
    campaign: &referral_campaign::Model,
    link: &referral_link::Model,
    at: Instant,
) -> Notification {
    about(&REMINDED, campaign, link, at)
}

fn about(
    event: &Event,
    campaign: &referral_campaign::Model,
    link: &referral_link::Model,
    at: Instant,
) -> Notification {
    let facts = serde_json::json!({ "deadline": rules::deadline_of(campaign) });
    Notification::new(event, link.referrer_id, event.key(link.id), at).titled(&campaign.name).with(facts)
}

/// To the referrer: a friend has registered.
pub(super) fn registered(row: &referral::Model) -> Notification {
    Notification::new(&REGISTERED, row.referrer_id, REGISTERED.key(row.id), row.registered_at)
}
