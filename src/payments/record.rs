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

/// What an outcome has made of a refund.
#[derive(Clone, Debug)]
pub enum Recorded {
    /// It goes on, or is over: this is the refund now.
    On(refund::Model),
    /// It had been paid, and failed after all.
    Returned(refund::Model),
}

/// Writes what the provider said of a refund, in the same way. One that was paid can still fail.
///
/// # Errors
/// When the database refuses.
pub async fn record_refund(txn: &Txn, outcome: &Outcome<RefundId>) -> Result<Option<Recorded>> {
    let Some(refund) = store::lock_refund(txn, outcome.id).await? else { return Ok(None) };
    let (charged, now) = (&outcome.charged, txn.now());
    let recorded = match rules::returned(refund.clone(), charged, now) {
        Some(refund) => Some(Recorded::Returned(refund)),
        None => rules::after(refund, charged, now).map(Recorded::On),
    };
    if let Some(Recorded::On(refund) | Recorded::Returned(refund)) = &recorded {
        store::update_refund(txn, refund.clone()).await?;
    }
    Ok(recorded)
}

/// How a charge-back falls, in minor units; the rest falls on who paid.
#[derive(Clone, Copy, Debug)]
pub struct Fall {
    /// What is taken out of escrow.
    pub escrow_cents: i64,
    /// What is taken out of what was released, the fee included.
    pub reversed_cents: i64,
    /// The fee in that.
    pub fee_cents: i64,
}

/// Writes that a bank took back some of `payment`, which is locked, and that this was not known; returns the charge-back.
/// What is more than the payment is not taken from it.
///
/// # Errors
/// When the database refuses.
pub async fn record_chargeback(
    txn: &Txn,
    payment: payment::Model,
    told: &Chargeback,
    fall: Fall,
) -> Result<chargeback::Model> {
    let row = chargeback::Model {
        id: ChargebackId::new(),
        payment_id: payment.id,
        provider: payment.provider,
        reference: told.reference.clone(),
        amount_cents: told.amount.minor,
        currency: told.amount.currency,
        charged_back_at: told.at.min(txn.now()),
        recorded_at: txn.now(),
        escrow_cents: fall.escrow_cents,
        reversed_cents: fall.reversed_cents,
        fee_cents: fall.fee_cents,
        restored_cents: 0,
        won_at: None,
    };
    store::insert_chargeback(txn, row.clone()).await?;
    let charged_back_cents = (payment.charged_back_cents + row.amount_cents).min(payment.amount_cents);
    store::update_payment(txn, payment::Model { charged_back_cents, ..payment }).await?;
    Ok(row)
}

/// A charge-back that was won, and its payment after that.
#[derive(Clone, Debug)]
pub struct Won {
    /// The charge-back.
    pub chargeback: chargeback::Model,
    /// The payment.
    pub payment: payment::Model,
}

/// Writes that a bank gave back what it had taken of `payment`, which is locked, and that so many cents of it are in
/// escrow again.
///
/// # Errors
/// When the database refuses.
pub async fn record_win(
    txn: &Txn,
    payment: payment::Model,
    chargeback: chargeback::Model,
    restored_cents: i64,
) -> Result<Won> {
    let chargeback = chargeback::Model { restored_cents, won_at: Some(txn.now()), ..chargeback };
    store::update_chargeback(txn, &chargeback).await?;
    let lost = store::sum_lost_but(txn, payment.id, chargeback.id).await?;
    let payment = payment::Model { charged_back_cents: lost.min(payment.amount_cents), ..payment };
    store::update_payment(txn, payment.clone()).await?;
    Ok(Won { chargeback, payment })
}
