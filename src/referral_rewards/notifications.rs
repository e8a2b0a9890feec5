//! What referrers are notified of about rewards.

use sea_orm::Iterable;

use crate::{
    clock::Instant,
    entity::{
        enums::{Currency, NotificationKind, ReferralReason, ReferralState},
        referral, referral_campaign,
    },
    money::Money,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[QUALIFIED, FALLEN, PAID, ENDED];

const QUALIFIED: Event = Event {
    kind: NotificationKind::ReferralQualified,
    sentence: |said| {
        let (reward, due) = (said.title, said.fact("due"));
        format!(
            "A friend whom you referred has earned enough: {reward} is due to you on {due}, unless some is refunded."
        )
    },
};

const FALLEN: Event = Event {
    kind: NotificationKind::ReferralFallen,
    sentence: |_| {
        "So much of what a friend of yours earned was refunded that they have to earn more before you are rewarded."
            .to_owned()
    },
};

const PAID: Event = Event {
    kind: NotificationKind::ReferralPaid,
    sentence: |said| format!("{} for referring a friend was added to your cash account.", said.title),
};

const ENDED: Event = Event {
    kind: NotificationKind::ReferralEnded,
    sentence: |said| {
        format!("There is no reward for one of the friends whom you referred: {}.", words_of(said.title))
    },
};

/// Why there is none, in words.
fn words_of(reason: &str) -> &'static str {
    match ReferralReason::iter().find(|one| one.as_str() == reason) {
        Some(ReferralReason::NotReached) => "they did not earn enough in time",
        Some(ReferralReason::BudgetUsedUp) => "the budget of the campaign is used up",
        Some(ReferralReason::KnownPerson) => "they had an account before",
        Some(ReferralReason::Related) => "you and they belong together",
        _ => "it was decided so",
    }
}

/// What the referrer is notified of about a referral that has changed at `now`, and stood in another state before.
pub(super) fn about(
    campaign: &referral_campaign::Model,
    (before, row): (Option<ReferralState>, &referral::Model),
    now: Instant,
) -> Option<Notification> {
    let to = row.referrer_id;
    match (row.state, row.reason, row.reached_at.zip(row.due_at)) {
        // So much was refunded that nothing is reserved any more.
        (ReferralState::Open, ..) if before == Some(ReferralState::Qualified) => {
            let key = FALLEN.key(format!("{}/{}", row.id, now.timestamp_micros()));
            Some(Notification::new(&FALLEN, to, key, now))
        }
        (ReferralState::Qualified, _, Some((reached, due))) => {
            let reward = Money::new(campaign.reward_cents, Currency::Usd).to_string();
            let key = QUALIFIED.key(format!("{}/{}", row.id, reached.timestamp_micros()));
            let facts = serde_json::json!({ "due": due.max(now).date_naive() });
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
