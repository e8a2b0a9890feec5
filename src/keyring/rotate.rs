//! Rotating a key that signs: a new one signs from now on, the previous one only checks.

use chrono::TimeDelta;
use serde::Serialize;

use super::{open::wrapped, store};
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, KeyPurpose, KeyState},
        ids::KeyId,
    },
    error::{Fault, Result},
    keys::{self, Secrets},
};

/// The purposes whose keys rotate.
pub const ROTATING: [KeyPurpose; 5] = [
    KeyPurpose::BearerTokens,
    KeyPurpose::RefreshTokens,
    KeyPurpose::MailedTokens,
    KeyPurpose::ClickCookies,
    KeyPurpose::PayoutDetails,
];

/// How long other processes may go on signing with the previous key: ten times as long as they take to read the ring.
const NOTICE: TimeDelta = TimeDelta::minutes(10);

/// What a rotation did.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotated {
    /// The key that signs from now on.
    pub active: KeyId,
    /// The key that only checks from now on.
    pub retiring: KeyId,
    /// When nothing that it signed is valid any more.
    pub retires_at: Instant,
}

/// Makes a new key for `purpose`.
///
/// # Errors
/// [`Fault::Setup`] when the key in use cannot be opened, or the keys of this purpose do not rotate.
pub async fn rotate(txn: &Txn, secrets: &Secrets, purpose: KeyPurpose) -> Result<Rotated> {
    let rows = store::lock_usable(txn).await?;
    let active = rows.into_iter().find(|row| row.purpose == purpose && row.state == KeyState::Active);
    let mut old = active.ok_or_else(|| Fault::Setup(format!("there is no key for {purpose}")))?;
    secrets.open(&old)?;
    let life = old.life_seconds.ok_or_else(|| {
        Fault::Setup(format!("keys for {purpose} do not rotate, only what wraps them changes"))
    })?;
    let least = txn.wall_now().await? + NOTICE + TimeDelta::seconds(life);
    let retires_at = old.used_until.map_or(least, |until| until.max(least));
    (old.state, old.retires_at) = (KeyState::Retiring, Some(retires_at));
    let new = wrapped(txn, secrets, (purpose, Some(life)), &keys::fresh()?).await?;
    let rotated = Rotated { active: new.id, retiring: old.id, retires_at };
    store::update_key(txn, old).await?;
    store::insert_key(txn, new).await?;
    let done = Record::new(AuditAction::KeyRotated, None).on(purpose.as_str());
    audit::record(txn, done.with(serde_json::json!(rotated))).await?;
    Ok(rotated)
}
