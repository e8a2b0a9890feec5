//! What people are notified of about offers and contracts.

use crate::{
    clock::Instant,
    entity::{contract, enums::NotificationKind, ids::AccountId, milestone, offer},
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] =
    &[RECEIVED, ACCEPTED, DECLINED, WITHDRAWN, EXPIRED, FUNDED, RELEASED, FAILED, ENDED];

const RECEIVED: Event = Event {
    kind: NotificationKind::OfferReceived,
    sentence: |said| format!("You received an offer: \"{}\". Accept or decline it.", said.title),
};

const ACCEPTED: Event = Event {
    kind: NotificationKind::OfferAccepted,
    sentence: |said| format!("Your offer \"{}\" was accepted. Fund the first milestone.", said.title),
};

const DECLINED: Event = Event {
    kind: NotificationKind::OfferDeclined,
    sentence: |said| format!("Your offer \"{}\" was declined.", said.title),
};

const WITHDRAWN: Event = Event {
    kind: NotificationKind::OfferWithdrawn,
    sentence: |said| format!("The offer \"{}\" was withdrawn.", said.title),
};

const EXPIRED: Event = Event {
    kind: NotificationKind::OfferExpired,
    sentence: |said| format!("Nobody answered your offer \"{}\" in time, so it expired.", said.title),
};

const FUNDED: Event = Event {
    kind: NotificationKind::MilestoneFunded,
    sentence: |said| format!("A milestone of \"{}\" was funded. You can start to work on it.", said.title),
};

const RELEASED: Event = Event {
    kind: NotificationKind::MilestoneReleased,
    sentence: |said| {
        format!("A milestone of \"{}\" was released. The money is in your cash account.", said.title)
    },
};

const FAILED: Event = Event {
    kind: NotificationKind::PaymentFailed,
    sentence: |said| {
        format!("Your payment for \"{}\" failed. Fund the milestone by another payment method.", said.title)
    },
};

const ENDED: Event = Event {
    kind: NotificationKind::ContractEnded,
    sentence: |said| format!("Your contract \"{}\" has ended.", said.title),
};

/// What happened to an offer, to those who did not do it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offered {
    /// To the freelancer.
    Received,
    /// To the client.
    Accepted,
    /// To the client.
    Declined,
    /// To the freelancer.
    Withdrawn,
    /// To the client.
    Expired,
}

/// To the one who did not do it: what happened to the offer at `at`.
pub(super) fn offered(what: Offered, offer: &offer::Model, at: Instant) -> Notification {
    let (event, to) = match what {
        Offered::Received => (&RECEIVED, offer.freelancer_id),
        Offered::Accepted => (&ACCEPTED, offer.client_id),
        Offered::Declined => (&DECLINED, offer.client_id),
        Offered::Withdrawn => (&WITHDRAWN, offer.freelancer_id),
        Offered::Expired => (&EXPIRED, offer.client_id),
    };
    Notification::new(event, to, event.key(offer.id), at).on(offer.job_post_id, &offer.title)
}

fn about(event: &Event, to: AccountId, contract: &contract::Model, key: String, at: Instant) -> Notification {
    Notification::new(event, to, key, at).on(contract.job_post_id, &contract.title)
}

/// To the freelancer: the milestone was funded at `at`.
pub(super) fn funded(contract: &contract::Model, milestone: &milestone::Model, at: Instant) -> Notification {
    about(&FUNDED, contract.freelancer_id, contract, FUNDED.key(milestone.id), at)
}

/// To the freelancer: the milestone was released at `at`.
pub(super) fn released(
    contract: &contract::Model,
    milestone: &milestone::Model,
    at: Instant,
) -> Notification {
    about(&RELEASED, contract.freelancer_id, contract, RELEASED.key(milestone.id), at)
}

/// To the client: the payment failed at `at`.
pub(super) fn failed(
    contract: &contract::Model,
    payment: impl std::fmt::Display,
    at: Instant,
) -> Notification {
    about(&FAILED, contract.client_id, contract, FAILED.key(payment), at)
}

/// To the other side: the contract ended at `at`.
pub(super) fn ended(contract: &contract::Model, other: AccountId, at: Instant) -> Notification {
    about(&ENDED, other, contract, ENDED.key(contract.id), at)
}
