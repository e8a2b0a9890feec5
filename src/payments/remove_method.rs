//! A person removes a way to pay.

use super::{rejection, store};
use crate::{
    accounts,
    db::Txn,
    entity::{ids::PaymentMethodId, payment_method},
    error::Result,
    viewer::Viewer,
};

/// Removes a payment method of `person`, who may be suspended. If it was the primary one, the one that was added last
/// becomes it. Payments that are under way go on.
///
/// # Errors
/// `NOT_FOUND`; `ACCOUNT_CLOSED`.
pub async fn remove_method(txn: &Txn, person: &Viewer, id: PaymentMethodId) -> Result<PaymentMethodId> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    let mut known = store::list_methods_of(txn, person.id()).await?;
    let at = known.iter().position(|method| method.id == id).ok_or_else(rejection::no_such_method)?;
    let removed = known.remove(at);
    let was_primary = removed.is_primary;
    let gone = payment_method::Model { is_primary: false, removed_at: Some(txn.now()), ..removed };
    store::update_method(txn, gone).await?;
    if let Some(next) = known.pop().filter(|_| was_primary) {
        store::update_method(txn, payment_method::Model { is_primary: true, ..next }).await?;
    }
    Ok(id)
}
