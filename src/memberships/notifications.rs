//! What people are notified of about memberships.

use super::{Beginning, Gift};
use crate::{
    clock::Instant,
    entity::{
        enums::{MembershipPlan, NotificationKind},
        ids::AccountId,
    },
    money::Connects,
    notifications::{Event, Notification, OwnerNotification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[GRANTED, BEGUN, RENEWED, NOT_RENEWED, GIVEN];

const BEGUN: Event = Event {
    kind: NotificationKind::PlanBegun,
    sentence: |said| {
        let (plan, quantity, day) = (said.title, said.quantity, said.day);
        format!("You are on {plan} since {day}, and {quantity} Connects were added to your wallet.")
    },
};

const RENEWED: Event = Event {
    kind: NotificationKind::PlanRenewed,
    sentence: |said| {
        let (quantity, day) = (said.quantity, said.day);
        format!(
            "Your plan is paid for the cycle from {day}, and {quantity} Connects were added to your wallet."
        )
    },
};

const NOT_RENEWED: Event = Event {
    kind: NotificationKind::PlanNotRenewed,
    sentence: |said| {
        let (plan, day) = (said.title, said.day);
        format!(
            "{plan} could not be paid for the cycle from {day}, so you are on BASIC. You can upgrade again at any time."
        )
    },
};

const GIVEN: Event = Event {
    kind: NotificationKind::PlanMonthsGiven,
    sentence: |said| match said.quantity {
        1 => format!("You were given a month of {}.", said.title),
        months => format!("You were given {months} months of {}.", said.title),
    },
};

/// To the owner: their plan began at `at`, and `issued` Connects are there (M-6).
pub(super) fn begun(beginning: &Beginning, issued: Connects, at: Instant) -> Notification {
    let key = BEGUN.key(format!("{}/{}", beginning.document.0, beginning.document.1));
    Notification::new(&BEGUN, beginning.owner, key, at).titled(beginning.plan.as_str()).of(issued)
}

/// To the owner: the cycle that starts at `starts_at` is paid (M-7).
pub(super) fn renewed(owner: AccountId, starts_at: Instant, issued: Connects) -> Notification {
    Notification::new(&RENEWED, owner, RENEWED.key(starts_at.date_naive()), starts_at).of(issued)
}

/// To the owner: that cycle could not be paid, and they are on the free plan (M-7).
pub(super) fn not_renewed(owner: AccountId, plan: MembershipPlan, starts_at: Instant) -> Notification {
    let key = NOT_RENEWED.key(starts_at.date_naive());
    Notification::new(&NOT_RENEWED, owner, key, starts_at).titled(plan.as_str())
}

/// To the owner: months of a plan were given to them at `at` (M-13).
pub(super) fn given(owner: AccountId, gift: Gift, key: &str, at: Instant) -> Notification {
    Notification::new(&GIVEN, owner, GIVEN.key(key), at).titled(gift.plan.as_str()).of(Connects(gift.months))
}

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
