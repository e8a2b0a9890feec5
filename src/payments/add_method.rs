//! A person adds a way to pay.

use super::{rejection, store};
use crate::{
    accounts::{self, Gate, Origin},
    db::{Database, Txn},
    entity::{
        enums::{AttemptKind, PaymentProvider},
        ids::PaymentMethodId,
        payment_method,
    },
    error::Result,
    providers::payments::{Method, Payments},
    viewer::Viewer,
};

/// The most payment methods that a person may have.
const METHODS_AT_MOST: usize = 20;

/// What the provider says of `token`, before anything is written but that it was asked: a card is checked with its bank
/// when it is added, so that adding cards is a way of trying them out.
///
/// # Errors
/// `THROTTLED`, `PAYMENT_METHOD_INVALID`, `PAYMENT_PROVIDER_UNAVAILABLE`.
pub async fn describe(
    (db, gate): (&Database, &Gate),
    (person, origin): (&Viewer, Origin),
    provider: &dyn Payments,
    token: &str,
) -> Result<Method> {
    let (account, network) = (person.id().to_string(), origin.network());
    let tries =
        [(AttemptKind::PaymentMethod, account.as_str()), (AttemptKind::PaymentMethodFrom, network.as_str())];
    accounts::try_one_more(db, gate, &tries).await?;
    let described =
        provider.describe(person.id(), token).await.map_err(|_| rejection::provider_unavailable())?;
    Ok(described.ok_or_else(rejection::method_invalid)?)
}

/// Adds `method`, which `provider` keeps. A person's first one is their primary one (M-7); the same token
/// again is the same method.
///
/// # Errors
/// `TOO_MANY_PAYMENT_METHODS`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn add_method(
    txn: &Txn,
    person: &Viewer,
    (provider, method): (PaymentProvider, &Method),
) -> Result<PaymentMethodId> {
    let person = accounts::acting(txn, person.id()).await?;
    let known = store::list_methods_of(txn, person.id()).await?;
    if let Some(same) = known.iter().find(|known| known.provider == provider && known.token == method.token) {
        return Ok(same.id);
    }
    if known.len() >= METHODS_AT_MOST {
        return Err(rejection::too_many_methods(METHODS_AT_MOST).into());
    }
    let row = payment_method::Model {
        id: PaymentMethodId::new(),
        account_id: person.id(),
        provider,
        token: method.token.clone(),
        label: method.label.clone(),
        is_primary: known.is_empty(),
        added_at: txn.now(),
        removed_at: None,
        forgotten_at: None,
    };
    let id = row.id;
    store::insert_method(txn, row).await?;
    Ok(id)
}
