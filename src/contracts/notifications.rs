//! What people are notified of about offers and contracts.

use crate::{
    clock::Instant,
    entity::{
        contract,
        enums::NotificationKind,
        ids::{AccountId, ChargebackId, DisputeId, JobPostId, MilestoneId, OfferId, ProposalId, RefundId},
        milestone, offer,
    },
    money::Connects,
    notifications::{Event, Notification},
};

/// All events of this slice.
pub const EVENTS: &[Event] = &[
    RECEIVED,
    ACCEPTED,
    DECLINED,
    WITHDRAWN,
    EXPIRED,
    FUNDED,
    RELEASED,
    FAILED,
    ENDED,
    REFUNDED,
    IN_CASH,
    DISPUTED,
    UNDISPUTED,
    DECIDED,
    CHARGED_BACK,
    WON,
    ORDERED,
    INVOICED,
    REVERSED,
];

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
    sentence: |said| format!("A milestone of \"{}\" was released to your cash account.", said.title),
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

const REFUNDED: Event = Event {
    kind: NotificationKind::MilestoneRefunded,
    sentence: |said| format!("You get a refund for \"{}\". It goes back to where you paid from.", said.title),
};

const IN_CASH: Event = Event {
    kind: NotificationKind::RefundInCash,
    sentence: |said| {
        format!(
            "A refund for \"{}\" could not be paid to your payment method. It went to your cash account.",
            said.title
        )
    },
};

const DISPUTED: Event = Event {
    kind: NotificationKind::DisputeOpened,
    sentence: |said| format!("A milestone of \"{}\" was disputed. An admin decides.", said.title),
};

const UNDISPUTED: Event = Event {
    kind: NotificationKind::DisputeWithdrawn,
    sentence: |said| format!("The dispute over a milestone of \"{}\" was withdrawn.", said.title),
};

const DECIDED: Event = Event {
    kind: NotificationKind::DisputeDecided,
    sentence: |said| format!("The dispute over a milestone of \"{}\" was decided.", said.title),
};

const CHARGED_BACK: Event = Event {
    kind: NotificationKind::PaymentChargedBack,
    sentence: |said| {
        format!("A bank took back the payment for a milestone of \"{}\". The money was reversed.", said.title)
    },
};

const WON: Event = Event {
    kind: NotificationKind::ChargeBackWon,
    sentence: |said| {
        format!(
            "The bank gave back the payment for a milestone of \"{}\". The reversal was undone.",
            said.title
        )
    },
};

const ORDERED: Event = Event {
    kind: NotificationKind::ProjectOrdered,
    sentence: |said| {
        format!("Your project \"{}\" was ordered and paid for. You can start to work on it.", said.title)
    },
};

const INVOICED: Event = Event {
    kind: NotificationKind::InvoiceReceived,
    sentence: |said| {
        format!("You received an invoice for \"{}\". Fund it, and release it once you agree.", said.title)
    },
};

const REVERSED: Event = Event {
    kind: NotificationKind::ReturnReversed,
    sentence: |said| {
        format!(
            "{} Connects were taken back: they had been refunded for a cancelled job, and \"{}\" goes on with the same client.",
            said.quantity, said.title
        )
    },
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
    /// To the freelancer, of a project.
    Ordered,
}

/// To the one who did not do it: what happened to the offer at `at`.
pub(super) fn offered(what: Offered, offer: &offer::Model, at: Instant) -> Notification {
    let (event, to) = match what {
        Offered::Received => (&RECEIVED, offer.freelancer_id),
        Offered::Accepted => (&ACCEPTED, offer.client_id),
        Offered::Declined => (&DECLINED, offer.client_id),
        Offered::Withdrawn => (&WITHDRAWN, offer.freelancer_id),
        Offered::Expired => (&EXPIRED, offer.client_id),
        Offered::Ordered => (&ORDERED, offer.freelancer_id),
    };
    titled(Notification::new(event, to, event.key(offer.id), at), offer.job_post_id, &offer.title)
}

/// The keys of all that people are notified of about an offer.
pub(super) fn keys_of(offer: OfferId) -> [String; 6] {
    [RECEIVED, ACCEPTED, DECLINED, WITHDRAWN, EXPIRED, ORDERED].map(|event| event.key(offer))
}

fn titled(notification: Notification, post: Option<JobPostId>, title: &str) -> Notification {
    match post {
        Some(post) => notification.on(post, title),
        None => notification.titled(title),
    }
}

fn about(event: &Event, to: AccountId, contract: &contract::Model, key: String, at: Instant) -> Notification {
    titled(Notification::new(event, to, key, at), contract.job_post_id, &contract.title)
}

/// To the freelancer: the milestone was funded at `at`.
pub(super) fn funded(contract: &contract::Model, milestone: &milestone::Model, at: Instant) -> Notification {
    about(&FUNDED, contract.freelancer_id, contract, FUNDED.key(milestone.id), at)
}

/// To the freelancer: a return was reversed at `at`.
pub(super) fn reversed(
    contract: &contract::Model,
    proposal: ProposalId,
    quantity: Connects,
    at: Instant,
) -> Notification {
    about(&REVERSED, contract.freelancer_id, contract, REVERSED.key(proposal), at).of(quantity)
}

/// To the client: hours were invoiced at `at`.
pub(super) fn invoiced(contract: &contract::Model, invoice: MilestoneId, at: Instant) -> Notification {
    about(&INVOICED, contract.client_id, contract, INVOICED.key(invoice), at)
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

/// To the client: a refund has begun at `at`.
pub(super) fn refunded(contract: &contract::Model, refund: RefundId, at: Instant) -> Notification {
    about(&REFUNDED, contract.client_id, contract, REFUNDED.key(refund), at)
}

/// To the client: a refund went into their cash at `at`.
pub(super) fn in_cash(contract: &contract::Model, refund: RefundId, at: Instant) -> Notification {
    about(&IN_CASH, contract.client_id, contract, IN_CASH.key(refund), at)
}

/// To the other side: a dispute was opened at `at`.
pub(super) fn opened(
    contract: &contract::Model,
    dispute: DisputeId,
    other: AccountId,
    at: Instant,
) -> Notification {
    about(&DISPUTED, other, contract, DISPUTED.key(dispute), at)
}

/// To the other side: a dispute was withdrawn at `at`.
pub(super) fn withdrawn(
    contract: &contract::Model,
    dispute: DisputeId,
    other: AccountId,
    at: Instant,
) -> Notification {
    about(&UNDISPUTED, other, contract, UNDISPUTED.key(dispute), at)
}

/// To one of the sides: a dispute was decided at `at`.
pub(super) fn decided(
    contract: &contract::Model,
    dispute: DisputeId,
    to: AccountId,
    at: Instant,
) -> Notification {
    about(&DECIDED, to, contract, format!("{}/{to}", DECIDED.key(dispute)), at)
}

/// To one of the sides: a payment was charged back, which became known at `at`.
pub(super) fn charged_back(
    contract: &contract::Model,
    chargeback: ChargebackId,
    to: AccountId,
    at: Instant,
) -> Notification {
    about(&CHARGED_BACK, to, contract, format!("{}/{to}", CHARGED_BACK.key(chargeback)), at)
}

/// To one of the sides: the bank gave a charge-back back, which became known at `at`.
pub(super) fn won(
    contract: &contract::Model,
    chargeback: ChargebackId,
    to: AccountId,
    at: Instant,
) -> Notification {
    about(&WON, to, contract, format!("{}/{to}", WON.key(chargeback)), at)
}
