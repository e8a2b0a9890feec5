//! What affiliates are notified of about commissions.

use crate::{
    clock::Instant,
    entity::{
        commission,
        enums::{CommissionState, NotificationKind},
    },
    money::Money,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[RECORDED, POSTPONED, ENDED];

const RECORDED: Event = Event {
    kind: NotificationKind::CommissionRecorded,
    sentence: |said| {
        format!(
            "A client whom you brought has paid for the first time: {} of commission is pending.",
            said.title
        )
    },
};

const POSTPONED: Event = Event {
    kind: NotificationKind::CommissionPostponed,
    sentence: |_| {
        "Nothing of one of your commissions has locked, because it is being looked into. It can lock a month later.".to_owned()
    },
};

const ENDED: Event = Event {
    kind: NotificationKind::CommissionEnded,
    sentence: |said| format!("Nothing more is earned by one of your commissions: {}.", said.title),
};

/// Nothing of a commission locked at `at`, because somebody looks into it.
pub(super) fn postponed(row: &commission::Model, at: Instant) -> Notification {
    let key = POSTPONED.key(format!("{}/{}", row.id, at.timestamp()));
    Notification::new(&POSTPONED, row.affiliate_id, key, at)
}

/// What the affiliate is told of a commission that was just recorded, or that ended without more being earned.
pub(super) fn about(row: &commission::Model, expected_cents: i64) -> Option<Notification> {
    let to = row.affiliate_id;
    match (row.state, row.reason) {
        (CommissionState::Pending, _) => {
            let amount = Money::new(expected_cents, row.currency).to_string();
            Some(Notification::new(&RECORDED, to, RECORDED.key(row.id), row.funded_at).titled(&amount))
        }
        (_, Some(reason)) => {
            let at = row.ended_at.unwrap_or(row.funded_at);
            Some(Notification::new(&ENDED, to, ENDED.key(row.id), at).titled(reason.as_str()))
        }
        _ => None,
    }
}
