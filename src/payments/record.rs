//! What a provider said is written down, by the slice whose document is paid.

use super::{collect::Outcome, rules, store};
use crate::{
    db::Txn,
    entity::{
        chargeback,
        ids::{ChargebackId, PaymentId, RefundId},
        payment, refund,
    },
    error::Result,
    providers::payments::Chargeback,
};

/// Writes what the provider said of a payment, which this locks. Returns the payment as it is now; `None` if it was over
/// already, so that an outcome that comes twice does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn record(txn: &Txn, outcome: &Outcome<PaymentId>) -> Result<Option<payment::Model>> {
    let Some(payment) = store::lock_payment(txn, outcome.id).await? else { return Ok(None) };
    let Some(payment) = rules::after(payment, &outcome.charged, txn.now()) else { return Ok(None) };
    store::update_payment(txn, payment.clone()).await?;
    Ok(Some(payment))
}

/// Writes what the provider said of a refund, in the same way.
///
/// # Errors
/// When the database refuses.
pub async fn record_refund(txn: &Txn, outcome: &Outcome<RefundId>) -> Result<Option<refund::Model>> {
    let Some(refund) = store::lock_refund(txn, outcome.id).await? else { return Ok(None) };
    let Some(refund) = rules::after(refund, &outcome.charged, txn.now()) else { return Ok(None) };
    store::update_refund(txn, refund.clone()).await?;
    Ok(Some(refund))
}

/// Writes that a bank took back some of `payment`, which is locked. Returns the charge-back; `None` if it was known
/// already. What is more than the payment is not taken from it.
///
/// # Errors
/// When the database refuses.
pub async fn record_chargeback(
    txn: &Txn,
    payment: payment::Model,
    told: &Chargeback,
) -> Result<Option<chargeback::Model>> {
    if store::has_chargeback(txn, payment.provider, &told.reference).await? {
        return Ok(None);
    }
    let row = chargeback::Model {
        id: ChargebackId::new(),
        payment_id: payment.id,
        provider: payment.provider,
        reference: told.reference.clone(),
        amount_cents: told.amount.minor,
        currency: told.amount.currency,
        charged_back_at: told.at.min(txn.now()),
        recorded_at: txn.now(),
    };
    store::insert_chargeback(txn, row.clone()).await?;
    let charged_back_cents = (payment.charged_back_cents + row.amount_cents).min(payment.amount_cents);
    store::update_payment(txn, payment::Model { charged_back_cents, ..payment }).await?;
    Ok(Some(row))
}
