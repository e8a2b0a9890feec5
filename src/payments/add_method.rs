//! A person adds a way to pay.

use super::{rejection, store};
use crate::{
    accounts::{self, Gate, Origin},
    db::{Database, Txn},
    entity::{
        enums::{AttemptKind, PaymentProvider, TraceKind},
        ids::PaymentMethodId,
        payment_method,
    },
    error::{Rejection, Result},
    idempotency::{self, Key},
    keys::Keys,
    providers::payments::{Method, Payments},
    viewer::Viewer,
};

/// The most payment methods that a person may have.
const METHODS_AT_MOST: usize = 20;

/// An attempt at adding a payment method.
#[derive(Clone, Copy, Debug)]
pub struct Adding<'a> {
    /// The provider's token for it.
    pub token: &'a str,
    /// The idempotency key, if there is one.
    pub key: Option<&'a Key>,
    /// Whether nothing is kept.
    pub rehearsal: bool,
}

/// What the provider says of a token, before anything is written but that it was asked: a card is checked with its bank
/// when it is added, so that adding cards is a way of trying them out. `None` if the key was used: then nobody is asked.
///
/// # Errors
/// `THROTTLED`, `PAYMENT_METHOD_INVALID`, `PAYMENT_PROVIDER_UNAVAILABLE`, and those of [`add_method`].
pub async fn describe(
    (db, gate): (&Database, &Gate),
    (person, origin): (&Viewer, Origin),
    provider: &dyn Payments,
    adding: Adding<'_>,
) -> Result<Option<Method>> {
    // Who may not add it shall not leave it with the provider.
    let may = db.write(async |txn| may_add(txn, person, adding).await);
    if !may.await? {
        return Ok(None);
    }
    let (account, network) = (person.id().to_string(), origin.network());
    let tries =
        [(AttemptKind::PaymentMethod, account.as_str()), (AttemptKind::PaymentMethodFrom, network.as_str())];
    accounts::try_one_more(db, gate, &tries).await.map_err(rejection::too_many_tries)?;
    let described = provider.describe(person.id(), adding.token, adding.rehearsal).await;
    let described = described.map_err(|_| rejection::provider_unavailable())?;
    Ok(Some(described.ok_or_else(rejection::method_invalid)?))
}

/// Checks that `person` may add a payment method; returns whether that is new to its key.
async fn may_add(txn: &Txn, person: &Viewer, adding: Adding<'_>) -> Result<bool> {
    if idempotency::is_used(txn, adding.key).await? {
        return Ok(false);
    }
    let person = accounts::acting(txn, person.id()).await?;
    let known = store::list_methods_of(txn, person.id()).await?;
    if !known.iter().any(|known| known.token == adding.token) {
        must_have_room(&known)?;
    }
    Ok(true)
}

fn must_have_room(known: &[payment_method::Model]) -> Result<(), Rejection> {
    if known.len() < METHODS_AT_MOST { Ok(()) } else { Err(rejection::too_many_methods(METHODS_AT_MOST)) }
}

/// Adds `method`, which `provider` keeps. A person's first one is their primary one (M-7); the same token
/// again is the same method.
///
/// # Errors
/// `TOO_MANY_PAYMENT_METHODS`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn add_method(
    txn: &Txn,
    keys: &Keys,
    person: &Viewer,
    (provider, method): (PaymentProvider, &Method),
) -> Result<PaymentMethodId> {
    let person = accounts::acting(txn, person.id()).await?;
    let known = store::list_methods_of(txn, person.id()).await?;
    if let Some(same) = known.iter().find(|known| known.provider == provider && known.token == method.token) {
        return Ok(same.id);
    }
    must_have_room(&known)?;
    if let Some(fingerprint) = &method.fingerprint {
        accounts::note_trace(txn, keys, person.id(), (TraceKind::Payment, fingerprint)).await?;
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
