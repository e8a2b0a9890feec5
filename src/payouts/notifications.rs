//! What people are notified of about payouts.

use serde_json::json;

use crate::{
    clock::Instant,
    entity::{
        enums::{NotificationKind, PayoutFailure, PayoutPurpose},
        payout, payout_method,
    },
    money::Money,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[METHOD_CHANGED, SENT, FAILED];

const METHOD_CHANGED: Event = Event {
    kind: NotificationKind::PayoutMethodChanged,
    sentence: |said| {
        format!(
            "Your payouts will go to another place: {}. If it was not you, set a new password.",
            said.title
        )
    },
};

const SENT: Event = Event {
    kind: NotificationKind::PayoutSent,
    sentence: |said| format!("A payout is on its way to you: {}.", said.title),
};

const FAILED: Event = Event {
    kind: NotificationKind::PayoutFailed,
    sentence: |said| format!("A payout to you failed. {}.", said.title_and(&["advice"])),
};

pub(super) fn method_changed(row: &payout_method::Model) -> Notification {
    let key = METHOD_CHANGED.key(row.id);
    Notification::new(&METHOD_CHANGED, row.account_id, key, row.set_at).titled(&row.label)
}

pub(super) fn sent(row: &payout::Model, at: Instant) -> Notification {
    Notification::new(&SENT, row.account_id, SENT.key(row.id), at).titled(&amount(row))
}

pub(super) fn failed(row: &payout::Model, at: Instant) -> Notification {
    let advice = match (row.failure, row.purpose) {
        (Some(PayoutFailure::FileRefused), PayoutPurpose::Commissions) => {
            "Nothing is wrong with your payout details, and it will be sent again"
        }
        (Some(PayoutFailure::FileRefused), PayoutPurpose::Withdrawal) => {
            "Nothing is wrong with your payout details, and you can withdraw the money again"
        }
        _ => "Check your payout details",
    };
    let failed = Notification::new(&FAILED, row.account_id, FAILED.key(row.id), at);
    failed.titled(&amount(row)).with(json!({ "advice": advice }))
}

fn amount(row: &payout::Model) -> String {
    let paid = row.paid_minor.zip(row.paid_currency).map(|(minor, currency)| Money::new(minor, currency));
    paid.unwrap_or(Money::new(row.amount_cents, row.currency)).to_string()
}
