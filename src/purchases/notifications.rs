//! What people are notified of about purchases.

use crate::{
    clock::Instant,
    entity::{enums::NotificationKind, ids::ChargebackId, purchase},
    money::Connects,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[BOUGHT, FAILED, CHARGED_BACK, RESTORED];

const BOUGHT: Event = Event {
    kind: NotificationKind::ConnectsBought,
    sentence: |said| format!("You bought {} Connects. They are in your wallet.", said.quantity),
};

const FAILED: Event = Event {
    kind: NotificationKind::PurchaseFailed,
    sentence: |said| match said.title {
        "" => {
            format!("Your payment for {} Connects failed. Buy them by another payment method.", said.quantity)
        }
        plan => format!("Your payment for {plan} failed. Upgrade by another payment method."),
    },
};

const CHARGED_BACK: Event = Event {
    kind: NotificationKind::PurchaseChargedBack,
    sentence: |said| {
        let (what, ends) = match said.title {
            "" => ("Connects that you had bought".to_owned(), ""),
            plan => (format!("a cycle of {plan}"), " If you were on a plan, it has ended."),
        };
        format!(
            "A bank took back the payment for {what}, so {} Connects were removed.{ends} You cannot buy more until support has \
             looked into it.",
            said.quantity
        )
    },
};

const RESTORED: Event = Event {
    kind: NotificationKind::PurchaseRestored,
    sentence: |said| {
        let what = match said.title {
            "" => "your Connects".to_owned(),
            plan => format!("your cycle of {plan}"),
        };
        format!("The bank gave back the payment for {what}, so {} Connects are yours again.", said.quantity)
    },
};

/// To the buyer: what they bought was paid at `at`.
pub(super) fn bought(purchase: &purchase::Model, at: Instant) -> Notification {
    about(&BOUGHT, purchase, BOUGHT.key(purchase.id), at).of(Connects(purchase.quantity))
}

/// To the buyer: the payment failed at `at`.
pub(super) fn failed(purchase: &purchase::Model, at: Instant) -> Notification {
    about(&FAILED, purchase, FAILED.key(purchase.id), at).of(Connects(purchase.quantity))
}

/// To the buyer: a bank took the payment back, which became known at `at`, and `removed` Connects are gone.
pub(super) fn charged_back(
    purchase: &purchase::Model,
    chargeback: ChargebackId,
    removed: Connects,
    at: Instant,
) -> Notification {
    about(&CHARGED_BACK, purchase, CHARGED_BACK.key(chargeback), at).of(removed)
}

/// To the buyer: the bank gave the payment back, which became known at `at`, and `restored` Connects are theirs again.
pub(super) fn restored(
    purchase: &purchase::Model,
    chargeback: ChargebackId,
    restored: Connects,
    at: Instant,
) -> Notification {
    about(&RESTORED, purchase, RESTORED.key(chargeback), at).of(restored)
}

fn about(event: &Event, purchase: &purchase::Model, key: String, at: Instant) -> Notification {
    let of = Notification::new(event, purchase.account_id, key, at);
    match purchase.plan {
        Some(plan) => of.titled(plan.as_str()),
        None => of,
    }
}
