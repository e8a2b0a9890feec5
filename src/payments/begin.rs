//! A payment begins: its row is written before the provider is asked.

use super::{rejection, rules, store};
use crate::{
    accounts::Acting,
    db::Txn,
    entity::{
        enums::{PaymentPurpose, PaymentState},
        ids::{PaymentId, PaymentMethodId},
        payment,
    },
    error::Result,
    money::Money,
};

/// What is to be paid, for what, and by which method.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// By which method.
    pub method: PaymentMethodId,
    /// For what kind of document.
    pub purpose: PaymentPurpose,
    /// Which document; it must be locked, and have no payment that has not failed.
    pub document: uuid::Uuid,
    /// How much.
    pub amount: Money,
}

/// Writes a payment by `payer`, pending. The caller asks the provider for it once this is committed.
///
/// # Errors
/// `NOT_FOUND` at `paymentMethodId`.
pub async fn begin(txn: &Txn, payer: &Acting, asked: &Asked) -> Result<payment::Model> {
    let methods = store::list_methods_of(txn, payer.id()).await?;
    let method = methods.into_iter().find(|method| method.id == asked.method);
    let method = method.ok_or_else(rejection::no_such_method)?;
    let row = payment::Model {
        id: PaymentId::new(),
        account_id: payer.id(),
        method_id: method.id,
        provider: method.provider,
        purpose: asked.purpose,
        document_id: asked.document,
        amount_cents: asked.amount.minor,
        currency: asked.amount.currency,
        state: PaymentState::Pending,
        failure: None,
        reference: None,
        attempts: 0,
        ask_at: Some(txn.now() + rules::OWN_TIME),
        begun_at: txn.now(),
        ended_at: None,
        refunded_cents: 0,
        charged_back_cents: 0,
    };
    store::insert_payment(txn, row.clone()).await?;
    Ok(row)
}
