//! Pure rules of payments: what an outcome makes of a payment, and when it is asked about.

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    entity::{enums::PaymentState, payment},
    providers::payments::Charged,
};

/// How long the process that began a payment has for it, before the task asks.
pub const OWN_TIME: TimeDelta = TimeDelta::minutes(1);

/// The longest time between two questions.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The time for which a provider surely knows a key, so that a charge can be asked for again. Stripe says a day.
const REMEMBERED: TimeDelta = TimeDelta::hours(12);

/// How a provider is asked for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedFor {
    /// For the first time.
    New,
    /// It may know the payment, and surely its key if it does.
    Known,
    /// It may have forgotten the key: it is not asked to charge any more.
    Late,
}

/// How the provider is asked for `payment` at `now` (B-3).
pub fn asked_for(payment: &payment::Model, now: Instant) -> AskedFor {
    if now >= payment.begun_at + REMEMBERED {
        AskedFor::Late
    } else if payment.attempts > 0 || now >= payment.begun_at + OWN_TIME {
        AskedFor::Known
    } else {
        AskedFor::New
    }
}

/// When a payment that is about to be asked for at `now` is asked for again, if nothing comes of it.
pub fn asked_again_at(payment: &payment::Model, now: Instant) -> Instant {
    now + back_off_of(payment.attempts + 1)
}

/// The payment after `outcome`, which came at `now`; `None` if it is over already, so that an outcome that comes
/// late changes nothing.
pub fn after(mut payment: payment::Model, outcome: &Charged, now: Instant) -> Option<payment::Model> {
    payment.ask_at?;
    payment.attempts += 1;
    (payment.ask_at, payment.ended_at) = (None, Some(now));
    match outcome {
        Charged::Paid(reference) => {
            (payment.state, payment.reference) = (PaymentState::Paid, Some(reference.clone()));
        }
        Charged::Failed(why) => (payment.state, payment.failure) = (PaymentState::Failed, Some(*why)),
        Charged::Unknown => {
            let next = now + back_off_of(payment.attempts);
            (payment.state, payment.ask_at, payment.ended_at) = (PaymentState::Unknown, Some(next), None);
        }
    }
    Some(payment)
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
            method_id: PaymentMethodId::new(),
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
        let at = |minutes| asked_for(&begun(now), now + TimeDelta::minutes(minutes));
        assert_eq!(
            [at(0), at(1), at(719), at(720)],
            [AskedFor::New, AskedFor::Known, AskedFor::Known, AskedFor::Late]
        );
        let again = payment::Model { attempts: 1, ..begun(now) };
        assert_eq!(asked_for(&again, now), AskedFor::Known);
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
