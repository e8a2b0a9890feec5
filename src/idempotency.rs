//! Keys that make a retry safe: the outcome is stored in the same transaction as the effect.
//!
//! A key belongs to a person and a mutation. Its row is inserted first, so that a parallel twin waits
//! for the first to commit and then replays it; a refusal rolls it back or forgets it, so that a retry
//! decides again.

pub mod store;

use std::fmt::Debug;

use serde::{Serialize, Serializer, de::DeserializeOwned};
use sha2::{Digest, Sha256};

pub use store::{find_oldest, sweep_old};

use crate::{
    db::Txn,
    entity::ids::AccountId,
    error::{Code, Fault, Rejection, Result},
};

/// Days for which a key is kept, by the wall clock.
pub const RETENTION_DAYS: i64 = 30;

/// A key of a request.
#[derive(Clone, Debug)]
pub struct Key {
    /// The account that sent it.
    pub account: AccountId,
    /// The mutation it was sent with.
    pub mutation: String,
    /// The key itself.
    pub key: String,
    /// Hash of the other arguments, from [`hash_of`].
    pub arguments_hash: String,
}

/// Hash of the canonical form of a mutation's arguments, without the key and the dry run.
///
/// # Errors
/// Never in practice; when the arguments cannot be serialised.
pub fn hash_of(arguments: &impl Serialize) -> Result<String> {
    let canonical = serde_json::to_vec(arguments).map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(hex::encode(Sha256::digest(canonical)))
}

/// Writes an enum into the arguments that [`hash_of`] hashes by its name in the program. The inputs that were
/// there when enums got their names of the schema are written so, because keys outlive a release and an unchanged request
/// must keep its hash. New inputs need none of this.
///
/// # Errors
/// When the serializer fails.
pub fn by_variant<S: Serializer>(value: &impl Debug, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{value:?}"))
}

/// As [`by_variant`], or null.
///
/// # Errors
/// When the serializer fails.
pub fn by_variant_or_null<S: Serializer>(
    value: &Option<impl Debug>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().map(|value| format!("{value:?}")).serialize(serializer)
}

/// Claims `key` for this transaction: `None` when it is new, the stored outcome when it was used with the same
/// arguments.
///
/// # Errors
/// `IDEMPOTENCY_KEY_REUSED` when it was used with other arguments.
pub async fn claim<T: DeserializeOwned>(txn: &Txn, key: &Key) -> Result<Option<T>> {
    if store::insert_key(txn, key).await? {
        return Ok(None);
    }
    let used = store::find_key(txn, key).await?.ok_or_else(|| Fault::Broken("a key vanished".into()))?;
    if used.arguments_hash != key.arguments_hash {
        let sentence =
            "This idempotency key was used with other arguments. Send a new key with a new request.";
        return Err(Rejection::new(Code::IdempotencyKeyReused, sentence).at("idempotencyKey").into());
    }
    let outcome = used.outcome.ok_or_else(|| Fault::Broken("a used key has no outcome".into()))?;
    let outcome = serde_json::from_value(outcome).map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(Some(outcome))
}

/// Does `work` once for `key`; returns the outcome, and whether it is that of an earlier call.
///
/// # Errors
/// What `work` returns, whose transaction is then rolled back, key and all; `IDEMPOTENCY_KEY_REUSED`.
pub async fn once<T: Serialize + DeserializeOwned>(
    txn: &Txn,
    key: Option<&Key>,
    work: impl AsyncFnOnce() -> Result<T>,
) -> Result<(T, bool)> {
    let Some(key) = key else { return Ok((work().await?, false)) };
    if let Some(outcome) = claim(txn, key).await? {
        return Ok((outcome, true));
    }
    let outcome = work().await?;
    remember(txn, key, &outcome).await?;
    Ok((outcome, false))
}

/// Stores the outcome of the request: ids of what was created, and facts that may change later.
///
/// # Errors
/// When the database refuses.
pub async fn remember(txn: &Txn, key: &Key, outcome: &impl Serialize) -> Result<()> {
    let outcome = serde_json::to_value(outcome).map_err(|e| Fault::Broken(e.to_string()))?;
    store::update_outcome(txn, key, outcome).await
}

/// Forgets a key whose request was refused, in a transaction that others' requests share.
///
/// # Errors
/// When the database refuses.
pub async fn forget(txn: &Txn, key: &Key) -> Result<()> {
    store::delete_key(txn, key).await
}
