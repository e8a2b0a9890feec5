//! A refund begins: its row is written before the provider is asked.

use super::{rules, store};
use crate::{
    db::Txn,
    entity::{
        enums::{PaymentPurpose, PaymentState},
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

/// Writes a refund of the payment for a document, pending. The caller asks the provider for it once this is committed.
///
/// # Errors
/// [`Fault::Broken`] when nobody has paid for the document.
pub async fn begin_refund(txn: &Txn, asked: &Refunded<'_>) -> Result<refund::Model> {
    let payment = store::lock_paid_for(txn, asked.purpose, asked.document).await?;
    let payment = payment.ok_or_else(|| Fault::Broken(format!("nobody has paid for {}", asked.document)))?;
    let row = refund::Model {
        id: RefundId::new(),
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
    let refunded_cents = payment.refunded_cents + asked.cents;
    store::update_payment(txn, payment::Model { refunded_cents, ..payment }).await?;
    store::insert_refund(txn, row.clone()).await?;
    Ok(row)
}
