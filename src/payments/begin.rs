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
        payment, payment_method,
    },
    error::Result,
    money::Money,
};

/// How a person pays (P-3).
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// With a payment method, which a provider charges.
    Method(Charging),
    /// From their cash account, at once.
    Cash,
}

/// Which payment method is charged, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Charging {
    /// The method.
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

/// Writes a payment by `payer`: pending, and the caller asks the provider for it once this is committed; or paid, if it is
/// from their cash account, and the caller takes it from there.
///
/// # Errors
/// `NOT_FOUND` and `PAYMENT_METHOD_INVALID` at `paymentMethodId`; `THROTTLED` after too many payments that failed.
pub async fn begin(txn: &Txn, payer: &Acting, asked: &Asked) -> Result<payment::Model> {
    let row = match asked.by {
        By::Method(charging) => {
            let method = chargeable(txn, payer, charging).await?;
            must_not_try_cards(txn, payer, charging.failures).await?;
            payment::Model {
                method_id: Some(method.id),
                ask_at: Some(txn.now() + rules::OWN_TIME),
                ..sketch(txn, payer, asked, method.provider)
            }
        }
        By::Cash => {
            let row = sketch(txn, payer, asked, PaymentProvider::CashAccount);
            let (reference, ended_at) = (Some(row.id.to_string()), Some(txn.now()));
            payment::Model { state: PaymentState::Paid, reference, ended_at, ..row }
        }
    };
    store::insert_payment(txn, row.clone()).await?;
    Ok(row)
}

/// A payment method of `payer`, whose account is locked, if the provider that collects now keeps it.
async fn chargeable(txn: &Txn, payer: &Acting, charging: Charging) -> Result<payment_method::Model> {
    let methods = store::list_methods_of(txn, payer.id()).await?;
    let method = methods.into_iter().find(|method| method.id == charging.method);
    let method = method.ok_or_else(rejection::no_such_method)?;
    if method.provider == charging.provider { Ok(method) } else { Err(rejection::method_elsewhere().into()) }
}

/// A payment that nobody has been asked for.
fn sketch(txn: &Txn, payer: &Acting, asked: &Asked, provider: PaymentProvider) -> payment::Model {
    payment::Model {
        id: PaymentId::new(),
        account_id: payer.id(),
        method_id: None,
        provider,
        purpose: asked.purpose,
        document_id: asked.document,
        amount_cents: asked.amount.minor,
        currency: asked.amount.currency,
        state: PaymentState::Pending,
        failure: None,
        reference: None,
        attempts: 0,
        ask_at: None,
        begun_at: txn.now(),
        ended_at: None,
        refunded_cents: 0,
        charged_back_cents: 0,
    }
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
