//! The answer of a payment provider goes to the slice whose document was paid.

use crate::{
    contracts,
    db::Txn,
    entity::{
        enums::PaymentPurpose,
        ids::{PaymentId, RefundId},
    },
    error::{Fault, Result},
    payments::{self, Outcome},
    purchases, subscriptions,
};

/// Writes what the provider said of a payment, with all that follows from it; returns whether it is over now.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, outcome: &Outcome<PaymentId>) -> Result<bool> {
    let missing = || Fault::Broken(format!("payment {} does not exist", outcome.id));
    let payment = payments::store::find_payment(txn, outcome.id).await?.ok_or_else(missing)?;
    match payment.purpose {
        PaymentPurpose::Milestone => contracts::settle(txn, &payment, outcome).await,
        PaymentPurpose::Connects => purchases::settle(txn, &payment, outcome).await,
        PaymentPurpose::Membership => subscriptions::settle(txn, &payment, outcome).await,
    }
}

/// Writes what the provider said of a refund, in the same way. Only what was paid for a milestone is refunded (B-1).
///
/// # Errors
/// When the database refuses.
pub async fn settle_refund(txn: &Txn, outcome: &Outcome<RefundId>) -> Result<bool> {
    contracts::settle_refund(txn, outcome).await
}
