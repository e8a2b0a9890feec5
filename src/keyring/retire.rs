//! Retiring keys: once nothing that a key signed is valid any more, or at once, the key is deleted.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::store;
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, KeyPurpose, KeyState},
        ids::KeyId,
        key,
    },
    error::{Fault, Result},
};

/// The keys that were retired.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Retired(pub Vec<KeyId>);

/// Retires the keys whose time has come.
///
/// # Errors
/// When the database refuses.
pub async fn retire_due(txn: &Txn) -> Result<Retired> {
    let now = txn.wall_now().await?;
    retire_those(txn, |row| row.retires_at.is_some_and(|at| at <= now)).await
}

/// Retires the keys for `purpose` that only check, although tokens that they signed may be valid: those are refused
/// from now on.
///
/// # Errors
/// When the database refuses.
pub async fn retire(txn: &Txn, purpose: KeyPurpose) -> Result<Retired> {
    retire_those(txn, |row| row.purpose == purpose && row.state == KeyState::Retiring).await
}

/// Checks that what this transaction encrypts with the key `id` can be decrypted: another process may have retired it.
///
/// # Errors
/// [`Fault::Conflict`], until this process has read the ring again.
pub async fn must_be_usable(txn: &Txn, id: KeyId) -> Result<()> {
    if store::is_usable(txn, id).await? { Ok(()) } else { Err(Fault::Conflict.into()) }
}

async fn retire_those(txn: &Txn, is_due: impl Fn(&key::Model) -> bool + Send) -> Result<Retired> {
    let mut retired = Vec::new();
    for row in store::lock_usable(txn).await?.into_iter().filter(is_due) {
        retired.push(row.id);
        let done = Record::new(AuditAction::KeyRetired, None).on(row.purpose.as_str());
        audit::record(txn, done.with(serde_json::json!({ "key": row.id }))).await?;
        store::update_key(txn, key::Model { state: KeyState::Retired, wrapped: None, ..row }).await?;
    }
    Ok(Retired(retired))
}

/// When the next key is to be retired.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_retirement(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    Ok(store::find_next_retiring(db).await?.and_then(|row| row.retires_at))
}
