//! An affiliate says when to be paid (F-7).

use super::store;
use crate::{
    accounts,
    db::Txn,
    entity::{enums::PayoutSchedule, ids::AccountId, payout_preference},
    error::Result,
    input,
    viewer::Viewer,
};

/// When to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// The day, or whether an amount decides.
    pub schedule: PayoutSchedule,
    /// That amount, in minor units of US dollars.
    pub threshold_cents: Option<i64>,
}

/// Sets when `person` wants to be paid.
///
/// # Errors
/// `INVALID_INPUT`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn set_preference(txn: &Txn, person: &Viewer, preference: Preference) -> Result<AccountId> {
    let person = accounts::acting(txn, person.id()).await?;
    let (least, most) = txn.policy().payouts.threshold_cents;
    let threshold_cents = match (preference.schedule, preference.threshold_cents) {
        (PayoutSchedule::Threshold, Some(cents)) => Some(input::amount("threshold", cents, least, most)?),
        (PayoutSchedule::Threshold, None) => {
            return Err(input::invalid("threshold", "A threshold needs an amount. Write how much.").into());
        }
        (_, Some(_)) => {
            let sentence = "Only a threshold has an amount. Leave it out, or choose THRESHOLD.";
            return Err(input::invalid("threshold", sentence).into());
        }
        (_, None) => None,
    };
    let (account_id, schedule) = (person.id(), preference.schedule);
    let row = payout_preference::Model { account_id, schedule, threshold_cents, changed_at: txn.now() };
    store::put_preference(txn, row).await?;
    Ok(account_id)
}
