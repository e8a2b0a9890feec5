//! A refund begins: its row is written before the provider is asked.

use super::{rules, store};
use crate::{
    db::Txn,
    entity::{
        enums::{PaymentProvider, PaymentPurpose, PaymentState},
        ids::RefundId,
        payment, refund,
    },
    error::{Fault, Result},
};

/// What is to go back, and why.
#[derive(Clone, Copy, Debug)]
pub struct Refunded<'a> {
    /// For what kind of document it was paid.
    pub purpose: PaymentPurpose,
    /// Which document; it must be locked.
    pub document: uuid::Uuid,
    /// How much, in minor units.
    pub cents: i64,
    /// Why.
    pub reason: &'a str,
}

/// Writes a refund of the payment for a document: pending, and the caller asks the provider for it once this is committed;
/// or paid, if the payment was from a cash account, and the caller puts it back there (P-3).
///
/// # Errors
/// [`Fault::Broken`] when nobody has paid for the document.
pub async fn begin_refund(txn: &Txn, asked: &Refunded<'_>) -> Result<refund::Model> {
    let payment = store::lock_paid_for(txn, asked.purpose, asked.document).await?;
    let payment = payment.ok_or_else(|| Fault::Broken(format!("nobody has paid for {}", asked.document)))?;
    let row = sketch(txn, &payment, asked);
    let refunded_cents = payment.refunded_cents + asked.cents;
    store::update_payment(txn, payment::Model { refunded_cents, ..payment }).await?;
    store::insert_refund(txn, row.clone()).await?;
    Ok(row)
}

fn sketch(txn: &Txn, payment: &payment::Model, asked: &Refunded<'_>) -> refund::Model {
    let id = RefundId::new();
    let pending = refund::Model {
        id,
        payment_id: payment.id,
        provider: payment.provider,
        amount_cents: asked.cents,
        currency: payment.currency,
        reason: asked.reason.to_owned(),
        state: PaymentState::Pending,
        failure: None,
        reference: None,
        attempts: 0,
        ask_at: Some(txn.now() + rules::OWN_TIME),
        begun_at: txn.now(),
        ended_at: None,
    };
    if payment.provider != PaymentProvider::CashAccount {
        return pending;
    }
    let (reference, ended_at) = (Some(id.to_string()), Some(txn.now()));
    refund::Model { state: PaymentState::Paid, reference, ask_at: None, ended_at, ..pending }
}
