//! Wrapping all keys under the current secret, after which the previous one is of no use.

use super::store;
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::enums::AuditAction,
    error::Result,
    keys::Secrets,
};

/// Wraps all keys under the current secret; returns how many were wrapped under the previous one. A second call changes
/// nothing.
///
/// # Errors
/// [`Fault::Setup`](crate::error::Fault::Setup) when a key cannot be opened; nothing is changed then.
pub async fn rewrap(txn: &Txn, secrets: &Secrets) -> Result<u64> {
    let mut rewrapped = 0;
    for row in store::lock_usable(txn).await? {
        if let Some(row) = secrets.rewrap(&row)? {
            store::update_key(txn, row).await?;
            rewrapped += 1;
        }
    }
    if rewrapped > 0 {
        let done = Record::new(AuditAction::KeysRewrapped, None);
        audit::record(txn, done.with(serde_json::json!({ "keys": rewrapped }))).await?;
    }
    Ok(rewrapped)
}
