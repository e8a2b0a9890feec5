//! Pure rules of payouts: business days, what is paid and what is held, and conversion.

pub mod days;
pub mod details;

use chrono::TimeDelta;

use self::days::Calendar;
use crate::{
    clock::Instant,
    entity::{
        enums::{
            Currency, PayoutHold, PayoutProvider, PayoutSchedule,
            PayoutState::{self, Failed, Held, Paid, Processing, Scheduled, Unknown},
        },
        payout_method, payout_preference,
    },
    money::half_up,
    moves::moves,
    policy::Payouts,
};

moves! {
    /// What happens to a payout (W-1).
    PayoutMove of PayoutState {
        /// Something stands in its way.
        Hold: Scheduled | Held => Held,
        /// Nothing does any more.
        Free: Held => Scheduled,
        /// It goes out.
        Send: Scheduled | Held => Processing,
        /// The provider does not say; it is asked again.
        Doubt: Processing | Unknown => Unknown,
        /// The provider says that the money is out.
        Pay: Processing | Unknown => Paid,
        /// The provider says that it is not, or has never heard of it.
        Fail: Processing | Unknown => Failed,
        /// The bank gives it back after it was paid.
        Return: Paid => Failed,
        /// The person cancels it.
        Cancel: Scheduled | Held => Failed,
    }
}

/// When an affiliate is paid who has not said when.
pub const USUAL: PayoutSchedule = PayoutSchedule::Fifteenth;

/// What is known of a person to whom money is due.
#[derive(Clone, Debug)]
pub struct Payee {
    /// Whether their account is suspended or closed.
    pub is_restricted: bool,
    /// Whether they are a suspended affiliate, and commissions are to be paid.
    pub is_suspended_affiliate: bool,
    /// Whether they owe money.
    pub owes: bool,
    /// Where to pay to.
    pub method: Option<payout_method::Model>,
    /// Whether the last payout there failed.
    pub has_failed: bool,
}

/// What stands in the way of paying anything to `payee` at `now`, if something does (F-7, W-4, O-5, P-4).
pub fn hold_of(payee: &Payee, policy: &Payouts, now: Instant) -> Option<PayoutHold> {
    let Some(method) = &payee.method else {
        return standing_of(payee).or(Some(PayoutHold::NoPayoutMethod));
    };
    let reasons = [
        (now < method.usable_at, PayoutHold::PayoutMethodChanged),
        (payee.has_failed, PayoutHold::PayoutMethodFailed),
        (rate_of(method.currency, policy).is_none(), PayoutHold::NoRate),
    ];
    standing_of(payee).or_else(|| first(reasons))
}

fn standing_of(payee: &Payee) -> Option<PayoutHold> {
    first([
        (payee.is_restricted, PayoutHold::AccountRestricted),
        (payee.is_suspended_affiliate, PayoutHold::AffiliateSuspended),
        (payee.owes, PayoutHold::Receivable),
    ])
}

fn first<const N: usize>(reasons: [(bool, PayoutHold); N]) -> Option<PayoutHold> {
    reasons.into_iter().find_map(|(applies, hold)| applies.then_some(hold))
}

/// Commissions that are due to an affiliate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// How much, in minor units.
    pub cents: i64,
    /// Since when the first of it.
    pub since: Instant,
}

/// Whether and why commissions that are due wait for another day (F-7, W-5). On a fixed day all is paid that was due by
/// then, on the next business day if it is none; a threshold is reached on any business day.
pub fn waits_for(
    due: Due,
    preference: Option<&payout_preference::Model>,
    policy: &Payouts,
    now: Instant,
) -> Option<PayoutHold> {
    let calendar = Calendar { holidays: &policy.holidays };
    let schedule = preference.map_or(USUAL, |one| one.schedule);
    let day = match schedule {
        PayoutSchedule::First => 1,
        PayoutSchedule::Fifteenth => 15,
        PayoutSchedule::Threshold => {
            let threshold = preference.and_then(|one| one.threshold_cents).unwrap_or(policy.minimum_cents);
            return (due.cents < threshold).then_some(PayoutHold::BelowThreshold);
        }
    };
    first([
        (now < calendar.pay_day(due.since, day), PayoutHold::PaidLater),
        (due.cents < policy.minimum_cents, PayoutHold::BelowMinimum),
    ])
}

/// Millionths of `currency` for a dollar (W-5).
pub fn rate_of(currency: Currency, policy: &Payouts) -> Option<i64> {
    match currency {
        Currency::Usd => Some(1_000_000),
        other => policy.rates_micros.get(&other).copied(),
    }
}

/// What `cents` of a dollar are in a currency of which a dollar is so many millionths, half up (W-5).
pub fn converted(cents: i64, rate_micros: i64) -> Option<i64> {
    half_up(cents, (rate_micros, 1_000_000))
}

/// The longest time between two questions to a provider.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// When the provider is asked again after `attempts`.
pub fn asked_again_at(attempts: i64, now: Instant) -> Instant {
    let minutes = 1_i64.checked_shl(u32::try_from(attempts).unwrap_or(u32::MAX)).unwrap_or(i64::MAX);
    now + TimeDelta::minutes(minutes.clamp(1, 60)).min(LONGEST)
}

/// Whether this provider answers questions; a file is answered by its bank.
pub const fn answers(provider: PayoutProvider) -> bool {
    matches!(provider, PayoutProvider::Sandbox)
}

#[cfg(test)]
mod tests;
