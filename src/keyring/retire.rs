//! Retiring keys: once nothing that a key signed is valid any more, the key is deleted.

use sea_orm::ConnectionTrait;

use super::store;
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, KeyState},
        key,
    },
    error::Result,
};

/// Retires the keys whose time has come; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn retire_due(txn: &Txn) -> Result<u64> {
    let now = txn.wall_now().await?;
    let rows = store::lock_usable(txn).await?.into_iter();
    let due: Vec<_> = rows.filter(|row| row.retires_at.is_some_and(|at| at <= now)).collect();
    let retired = due.len() as u64;
    for row in due {
        let done = Record::new(AuditAction::KeyRetired, None).on(row.purpose.as_str());
        audit::record(txn, done.with(serde_json::json!({ "key": row.id }))).await?;
        store::update_key(txn, key::Model { state: KeyState::Retired, wrapped: None, ..row }).await?;
    }
    Ok(retired)
}

/// When the next key is to be retired.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_retirement(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    Ok(store::find_next_retiring(db).await?.and_then(|row| row.retires_at))
}
