//! What referrers are notified of about rewards.

use crate::{
    clock::Instant,
    entity::{
        enums::{Currency, NotificationKind, ReferralState},
        referral, referral_campaign,
    },
    money::Money,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[QUALIFIED, PAID, ENDED];

const QUALIFIED: Event = Event {
    kind: NotificationKind::ReferralQualified,
    sentence: |said| {
        let (reward, due) = (said.title, said.fact("due"));
        format!("A friend whom you referred has earned enough: {reward} is yours on {due}.")
    },
};

const PAID: Event = Event {
    kind: NotificationKind::ReferralPaid,
    sentence: |said| format!("{} for referring a friend was added to your cash account.", said.title),
};

const ENDED: Event = Event {
    kind: NotificationKind::ReferralEnded,
    sentence: |said| format!("There is no reward for one of the friends whom you referred: {}.", said.title),
};

/// What the referrer is told of a referral that has changed.
pub(super) fn about(campaign: &referral_campaign::Model, row: &referral::Model) -> Option<Notification> {
    let to = row.referrer_id;
    match (row.state, row.reason, row.reached_at.zip(row.due_at)) {
        (ReferralState::Qualified, _, Some((reached, due))) => {
            let reward = Money::new(campaign.reward_cents, Currency::Usd).to_string();
            let key = QUALIFIED.key(format!("{}/{}", row.id, reached.timestamp_micros()));
            let facts = serde_json::json!({ "due": due.date_naive() });
            Some(Notification::new(&QUALIFIED, to, key, reached).titled(&reward).with(facts))
        }
        (ReferralState::Ended, Some(reason), _) => {
            let at = row.ended_at.unwrap_or(row.registered_at);
            Some(Notification::new(&ENDED, to, ENDED.key(row.id), at).titled(reason.as_str()))
        }
        _ => None,
    }
}

/// To the referrer: the reward is in their cash account.
pub(super) fn paid(row: &referral::Model, cents: i64, at: Instant) -> Notification {
    let reward = Money::new(cents, Currency::Usd).to_string();
    Notification::new(&PAID, row.referrer_id, PAID.key(row.id), at).titled(&reward)
}
