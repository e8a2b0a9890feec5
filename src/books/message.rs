//! The sentences of notifications (N-1).

use crate::{
    affiliates, closing, commissions, connects, contracts, engagement,
    entity::notification,
    job_posts, memberships,
    notifications::{Event, Said},
    payouts, proposals, purchases, referral_rewards, referrals, rooms, talent_badges, tickets,
};

/// What each slice notifies people of.
const EVENTS: &[&[Event]] = &[
    connects::EVENTS,
    purchases::EVENTS,
    memberships::EVENTS,
    talent_badges::EVENTS,
    referrals::EVENTS,
    referral_rewards::EVENTS,
    job_posts::EVENTS,
    proposals::EVENTS,
    engagement::EVENTS,
    rooms::EVENTS,
    contracts::EVENTS,
    affiliates::EVENTS,
    commissions::EVENTS,
    payouts::EVENTS,
    tickets::EVENTS,
    closing::EVENTS,
];

/// A notification as a sentence to its reader.
pub fn message_of(row: &notification::Model) -> String {
    let event = EVENTS.iter().copied().flatten().find(|event| event.kind == row.kind);
    event.map(|event| (event.sentence)(&Said::of(row))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;
    use crate::entity::enums::NotificationKind;

    #[test]
    fn n_1_every_kind_of_notification_has_one_sentence() {
        for kind in NotificationKind::iter() {
            let sentences = EVENTS.iter().copied().flatten().filter(|event| event.kind == kind);
            assert_eq!(sentences.count(), 1, "{kind}");
        }
    }
}
