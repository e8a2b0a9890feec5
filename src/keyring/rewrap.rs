//! Wrapping all keys under the current secret, after which the one before is of no use.

use super::store;
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{enums::AuditAction, key},
    error::{Fault, Result},
    keys::Secrets,
};

/// Wraps all keys under the current secret; returns how many were wrapped under the one before. A second call changes
/// nothing.
///
/// # Errors
/// [`Fault::Setup`] when a key cannot be opened; nothing is changed then.
pub async fn rewrap(txn: &Txn, secrets: &Secrets) -> Result<u64> {
    let mut rewrapped = 0;
    for row in store::lock_usable(txn).await? {
        secrets.open(&row)?;
        if row.wrapped_by != secrets.current.mark() {
            store::update_key(txn, under(secrets, &row)?).await?;
            rewrapped += 1;
        }
    }
    if rewrapped > 0 {
        let done = Record::new(AuditAction::KeysRewrapped, None);
        audit::record(txn, done.with(serde_json::json!({ "keys": rewrapped }))).await?;
    }
    Ok(rewrapped)
}

/// `row`, wrapped under the current secret.
fn under(secrets: &Secrets, row: &key::Model) -> Result<key::Model> {
    let lost = || Fault::Broken(format!("the key {} cannot be opened", row.id));
    let (before, wrapped) = secrets.marked(&row.wrapped_by).zip(row.wrapped.as_ref()).ok_or_else(lost)?;
    let bytes = before.unwrap(row.id, row.purpose, wrapped).ok_or_else(lost)?;
    let wrapped = Some(secrets.current.wrap(row.id, row.purpose, &bytes)?);
    Ok(key::Model { wrapped, wrapped_by: secrets.current.mark().to_owned(), ..row.clone() })
}
