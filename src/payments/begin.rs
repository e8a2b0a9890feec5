//! A payment begins: its row is written before the provider is asked.

use chrono::TimeDelta;

use super::{rejection, rules, store};
use crate::{
    accounts::Acting,
    config::Limit,
    db::Txn,
    entity::{
        enums::{PaymentProvider, PaymentPurpose, PaymentState},
        ids::{PaymentId, PaymentMethodId},
        payment,
    },
    error::Result,
    money::Money,
};

/// How a person pays.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// By which method.
    pub method: PaymentMethodId,
    /// Who collects payments now; a method that another provider keeps cannot be charged.
    pub provider: PaymentProvider,
    /// How many of their payments may have failed.
    pub failures: Limit,
}

/// What is to be paid, for what, and how.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// How.
    pub by: By,
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
/// `NOT_FOUND` and `PAYMENT_METHOD_INVALID` at `paymentMethodId`; `THROTTLED` after too many payments that failed.
pub async fn begin(txn: &Txn, payer: &Acting, asked: &Asked) -> Result<payment::Model> {
    let methods = store::list_methods_of(txn, payer.id()).await?;
    let method = methods.into_iter().find(|method| method.id == asked.by.method);
    let method = method.ok_or_else(rejection::no_such_method)?;
    if method.provider != asked.by.provider {
        return Err(rejection::method_elsewhere().into());
    }
    must_not_try_cards(txn, payer, asked.by.failures).await?;
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

/// Checks that not too many of the payer's payments failed, or are under way and may fail; their account is locked, so
/// that these are all.
async fn must_not_try_cards(txn: &Txn, payer: &Acting, limit: Limit) -> Result<()> {
    let window = TimeDelta::minutes(limit.minutes.into());
    let since = txn.now() - window;
    match store::find_nth_unpaid_since(txn, payer.id(), since, limit.times).await? {
        None => Ok(()),
        Some(begun_at) => {
            let wait = begun_at + window - txn.now();
            Err(rejection::too_many_failures(wait.num_seconds() + 1).into())
        }
    }
}
