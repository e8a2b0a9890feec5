//! How a commission comes about, in sentences (F-5, F-6).

use chrono::SecondsFormat;

use super::Terms;
use crate::{
    clock::Instant,
    entity::{
        commission, commission_lock,
        enums::{CommissionReason, CommissionState},
    },
    money::Money,
};

/// What keeps a pending commission from locking (F-8, F-10).
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// Whether an admin has yet to decide on the registration.
    pub is_under_review: bool,
    /// Whether the affiliate disputes it.
    pub is_disputed: bool,
}

/// The sentences about a commission and what has locked of it, in order.
pub fn of(row: &commission::Model, locks: &[commission_lock::Model], held: Held) -> Vec<String> {
    let money = |cents| Money::new(cents, row.currency);
    let terms = Terms::in_force(row);
    let share = money(row.base_cents).share(row.rate_basis_points);
    let mut said = vec![format!(
        "The client's first payment was {} on {}.",
        money(row.base_cents),
        day_of(row.funded_at)
    )];
    said.push(format!(
        "{} of it is {}, and a commission is at most {}: {} (policy version {}).",
        percent(row.rate_basis_points),
        share.map_or_else(|| "more".to_owned(), |share| share.to_string()),
        money(row.cap_cents),
        money(terms.earned(row.base_cents)),
        row.policy_version
    ));
    let mut before = 0;
    for lock in locks {
        said.push(format!(
            "When the month was over at {}, {} had been released: {} of commission, less {} that had locked before, is \
             {}, due on {}.",
            shown(lock.locked_at),
            money(lock.released_cents),
            money(terms.earned(lock.released_cents)),
            money(before),
            money(lock.amount_cents),
            day_of(lock.due_at)
        ));
        before += lock.amount_cents;
    }
    said.push(end_of(row, held));
    said
}

fn end_of(row: &commission::Model, held: Held) -> String {
    match (row.state, row.reason, row.next_lock_at) {
        (CommissionState::Pending, _, Some(at)) if held.is_disputed => {
            format!(
                "It is disputed, and nothing of it locks at {} unless its ticket is closed by then.",
                shown(at)
            )
        }
        (CommissionState::Pending, _, Some(at)) if held.is_under_review => {
            format!(
                "It is under review, and nothing of it locks at {} unless that is decided by then.",
                shown(at)
            )
        }
        (CommissionState::Pending, _, Some(at)) => {
            format!("What is released and not refunded by {} locks then.", shown(at))
        }
        (_, Some(reason), _) => why(reason).to_owned(),
        (CommissionState::Paid, ..) => "All of it has been paid.".to_owned(),
        _ => "Nothing more can lock.".to_owned(),
    }
}

/// Why nothing more is earned, as a sentence.
const fn why(reason: CommissionReason) -> &'static str {
    match reason {
        CommissionReason::Refunded => "Nothing more is earned, because the client was refunded.",
        CommissionReason::ChargedBack => {
            "Nothing more is earned, because the client's bank took the payment back."
        }
        CommissionReason::AffiliateSuspended => {
            "Nothing more is earned, because the affiliate was suspended before it locked."
        }
        CommissionReason::NotANewClient => "Nothing is earned, because the client is not a new one.",
        CommissionReason::AffiliateHired => "Nothing is earned, because the client hired the affiliate.",
        CommissionReason::SelfReferral => "Nothing is earned, because affiliate and client belong together.",
        CommissionReason::RelatedToAffiliate => {
            "Nothing more is earned, because the freelancer and the affiliate belong together."
        }
        CommissionReason::RelatedToClient => {
            "Nothing more is earned, because the freelancer and the client belong together."
        }
        CommissionReason::GivenUp => "Nothing more is paid, because the affiliate gave it up.",
        CommissionReason::Fraud => "Nothing more is earned, because an admin has found fraud.",
    }
}

fn percent(basis_points: i64) -> String {
    match basis_points % 100 {
        0 => format!("{}%", basis_points / 100),
        rest => format!("{}.{rest:02}%", basis_points / 100),
    }
}

fn day_of(at: Instant) -> String {
    at.date_naive().to_string()
}

fn shown(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
