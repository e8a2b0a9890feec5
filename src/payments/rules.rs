//! Pure rules of payments: what an outcome makes of a payment, and when it is asked about.

pub mod differences;

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    entity::{
        enums::{
            PaymentFailure,
            PaymentState::{self, Failed, Paid, Pending, Unknown},
        },
        payment, refund,
    },
    moves::moves,
    providers::payments::Charged,
};

/// How long the process that began a payment has for it, before the task asks.
pub const OWN_TIME: TimeDelta = TimeDelta::minutes(1);

/// The longest time between two questions.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The time for which a provider surely knows a key, so that a charge can be asked for again. Stripe says a day.
const REMEMBERED: TimeDelta = TimeDelta::hours(12);

/// After what time a request that a provider has not heard of has failed. The last that was sent has surely arrived, or
/// been lost, when nobody has sent any for an hour.
const GIVEN_UP: TimeDelta = TimeDelta::hours(13);

moves! {
    /// An action on a payment or a refund (B-3).
    PaymentMove of PaymentState {
        /// The provider says that the money has moved.
        Pay: Pending | Unknown => Paid,
        /// The provider says that it did not, or has never heard of it.
        Fail: Pending | Unknown => Failed,
        /// The provider does not say; it is asked again.
        Doubt: Pending | Unknown => Unknown,
    }
}

moves! {
    /// Another action on a refund (O-2).
    RefundMove of PaymentState {
        /// The card's bank did not take it, and the provider has the money again.
        Return: Paid => Failed,
    }
}

/// What a provider is asked for until it is over: a payment or a refund.
pub trait Request {
    /// When it began.
    fn begun_at(&self) -> Instant;

    /// How far it has got.
    fn progress(&mut self) -> Progress<'_>;
}

/// How far a provider has got with a request.
#[derive(Debug)]
pub struct Progress<'a> {
    state: &'a mut PaymentState,
    failure: &'a mut Option<PaymentFailure>,
    reference: &'a mut Option<String>,
    attempts: &'a mut i64,
    ask_at: &'a mut Option<Instant>,
    ended_at: &'a mut Option<Instant>,
}

/// Implements [`Request`] for rows with the columns of [`Progress`].
macro_rules! requests {
    ($($row:ty),+) => {
        $(impl Request for $row {
            fn begun_at(&self) -> Instant {
                self.begun_at
            }

            fn progress(&mut self) -> Progress<'_> {
                let Self { state, failure, reference, attempts, ask_at, ended_at, .. } = self;
                Progress { state, failure, reference, attempts, ask_at, ended_at }
            }
        })+
    };
}

requests!(payment::Model, refund::Model);

/// How a provider is asked for a payment or a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedFor {
    /// For the first time.
    New,
    /// It may know the request, and surely its key if it does.
    Known,
    /// It may have forgotten the key: it is not asked to move money any more, but what was sent may still arrive.
    Settling,
    /// What it has not heard of will not come.
    Late,
}

/// How the provider is asked at `now` for a request that began at `begun_at` and was asked for `attempts` times (B-3).
pub fn asked_for(begun_at: Instant, attempts: i64, now: Instant) -> AskedFor {
    if now >= begun_at + GIVEN_UP {
        AskedFor::Late
    } else if now >= begun_at + REMEMBERED {
        AskedFor::Settling
    } else if attempts > 0 || now >= begun_at + OWN_TIME {
        AskedFor::Known
    } else {
        AskedFor::New
    }
}

/// When what is about to be asked for at `now`, after `attempts`, is asked for again if nothing comes of it.
pub fn asked_again_at(attempts: i64, now: Instant) -> Instant {
    now + back_off_of(attempts + 1)
}

/// The request after `outcome`, which came at `now`; `None` if it is over already, so that an outcome that comes
/// late changes nothing.
pub fn after<R: Request>(mut request: R, outcome: &Charged, now: Instant) -> Option<R> {
    let Progress { state, failure, reference, attempts, ask_at, ended_at } = request.progress();
    *state = way_of(outcome).after(*state)?;
    *attempts += 1;
    (*ask_at, *ended_at) = (None, Some(now));
    match outcome {
        Charged::Paid(name) => *reference = Some(name.clone()),
        Charged::Failed(why) => *failure = Some(*why),
        Charged::Unknown => (*ask_at, *ended_at) = (Some(now + back_off_of(*attempts)), None),
    }
    Some(request)
}

const fn way_of(outcome: &Charged) -> PaymentMove {
    match outcome {
        Charged::Paid(_) => PaymentMove::Pay,
        Charged::Failed(_) => PaymentMove::Fail,
        Charged::Unknown => PaymentMove::Doubt,
    }
}

/// `refund`, which was paid, after its provider has said at `now` that it failed after all: the card's bank did not take
/// it, and the provider has the money again. `None` for anything else.
pub fn returned(refund: refund::Model, outcome: &Charged, now: Instant) -> Option<refund::Model> {
    let Charged::Failed(why) = outcome else { return None };
    let state = RefundMove::Return.after(refund.state)?;
    Some(refund::Model { state, failure: Some(*why), ended_at: Some(now), ..refund })
}

/// The time between the `attempts`th question and the next: growing, at most an hour.
fn back_off_of(attempts: i64) -> TimeDelta {
    let doublings = attempts.clamp(0, 10) as u32;
    TimeDelta::minutes(1_i64 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{
        enums::{Currency, PaymentFailure, PaymentProvider, PaymentPurpose},
        ids::{AccountId, PaymentId, PaymentMethodId},
    };

    fn begun(at: Instant) -> payment::Model {
        payment::Model {
            id: PaymentId::new(),
            account_id: AccountId::new(),
            method_id: Some(PaymentMethodId::new()),
            provider: PaymentProvider::Sandbox,
            purpose: PaymentPurpose::Milestone,
            document_id: uuid::Uuid::nil(),
            amount_cents: 100,
            currency: Currency::Usd,
            state: PaymentState::Pending,
            failure: None,
            reference: None,
            attempts: 0,
            ask_at: Some(at),
            begun_at: at,
            ended_at: None,
            refunded_cents: 0,
            charged_back_cents: 0,
        }
    }

    #[test]
    fn b_3_an_unknown_outcome_is_asked_about_later_and_later_until_it_is_known() {
        let now: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut payment = begun(now);
        for minutes in [2, 4, 8, 16, 32, 60, 60] {
            payment = after(payment, &Charged::Unknown, now).unwrap();
            assert_eq!(payment.ask_at, Some(now + TimeDelta::minutes(minutes)));
            assert_eq!((payment.state, payment.ended_at), (PaymentState::Unknown, None));
        }
        let paid = after(payment, &Charged::Paid("r".into()), now).unwrap();
        assert_eq!(
            (paid.state, paid.reference.as_deref(), paid.ask_at),
            (PaymentState::Paid, Some("r"), None)
        );
    }

    #[test]
    fn b_3_a_payment_is_not_asked_for_once_its_key_may_be_forgotten() {
        let now: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        let at = |minutes| asked_for(now, 0, now + TimeDelta::minutes(minutes));
        assert_eq!(
            [at(0), at(1), at(719), at(720), at(779), at(780)],
            [
                AskedFor::New,
                AskedFor::Known,
                AskedFor::Known,
                AskedFor::Settling,
                AskedFor::Settling,
                AskedFor::Late
            ]
        );
        assert_eq!(asked_for(now, 1, now), AskedFor::Known);
    }

    #[test]
    fn b_3_what_is_over_stays_as_it_is() {
        let now: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        let outcomes = [Charged::Paid("r".into()), Charged::Failed(PaymentFailure::Declined)];
        for first in &outcomes {
            let over = after(begun(now), first, now).unwrap();
            for late in outcomes.iter().chain([&Charged::Unknown]) {
                assert_eq!(after(over.clone(), late, now), None, "{first:?}, then {late:?}");
            }
        }
    }
}
