//! Keys that make a retry safe: the outcome is stored in the same transaction as the effect.
//!
//! A key belongs to a person and a mutation. A parallel twin replays the first: on PostgreSQL it waits for the commit, at
//! the row, which is inserted first ([`once`]), or at the person's account, which is locked first ([`list_outcomes`]); on
//! SQLite it may come into the same transaction, and is answered after the commit as well.
//! A refusal leaves no key, so that a retry decides again.

pub mod store;

use std::{collections::BTreeMap, fmt::Debug};

use serde::{Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use store::{find_oldest, sweep_old};

use crate::{
    db::{Txn, Writes},
    entity::{idempotency_key, ids::AccountId},
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

impl Key {
    /// What no two keys share.
    pub fn name(&self) -> (AccountId, &str, &str) {
        (self.account, &self.mutation, &self.key)
    }
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

/// For each of `keys`, of which no two are the same: `None` when it is new, the stored outcome when it was used with the
/// same arguments, or `IDEMPOTENCY_KEY_REUSED` when it was used with others. So that a twin waits, the accounts of the
/// keys must be locked.
///
/// # Errors
/// A fault of the database.
pub async fn list_outcomes<T: DeserializeOwned>(
    txn: &Txn,
    keys: &[&Key],
) -> Result<Vec<Result<Option<T>, Rejection>>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let known = store::list_keys(txn, keys).await?;
    let known: BTreeMap<_, _> =
        known.iter().map(|row| ((row.account_id, &*row.mutation, &*row.key), row)).collect();
    keys.iter().map(|key| known.get(&key.name()).map_or(Ok(Ok(None)), |row| outcome_of(key, row))).collect()
}

/// Whether `key` was used with the same arguments.
///
/// # Errors
/// `IDEMPOTENCY_KEY_REUSED`; a fault of the database.
pub async fn is_used(txn: &Txn, key: Option<&Key>) -> Result<bool> {
    let Some(key) = key else { return Ok(false) };
    let known = list_outcomes::<Value>(txn, &[key]).await?.pop().transpose()?.flatten();
    Ok(known.is_some())
}

/// Writes `keys`, which are new, with the outcomes of their requests: ids of what was created, and facts that may change
/// later.
///
/// # Errors
/// Never in practice; when an outcome cannot be serialised.
pub fn insert_used(writes: &mut Writes<'_>, keys: &[(&Key, &impl Serialize)]) -> Result<()> {
    let keys = keys.iter().map(|&(key, outcome)| Ok((key, json_of(outcome)?)));
    store::insert_used(writes, &keys.collect::<Result<Vec<_>>>()?);
    Ok(())
}

fn json_of(outcome: &impl Serialize) -> Result<Value> {
    serde_json::to_value(outcome).map_err(|e| Fault::Broken(e.to_string()).into())
}

fn outcome_of<T: DeserializeOwned>(
    key: &Key,
    row: &idempotency_key::Model,
) -> Result<Result<Option<T>, Rejection>> {
    if row.arguments_hash != key.arguments_hash {
        let sentence =
            "This idempotency key was used with other arguments. Send a new key with a new request.";
        return Ok(Err(Rejection::new(Code::IdempotencyKeyReused, sentence).at("idempotencyKey")));
    }
    // What others have used has an outcome: it is stored by the transaction that claims the key.
    let outcome = row.outcome.clone().map(serde_json::from_value).transpose();
    Ok(Ok(outcome.map_err(|e| Fault::Broken(e.to_string()))?))
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
    if !store::insert_key(txn, key).await? {
        let known = list_outcomes(txn, &[key]).await?.pop().transpose()?.flatten();
        return Ok((known.ok_or_else(|| Fault::Broken("a key vanished".into()))?, true));
    }
    let outcome = work().await?;
    store::update_outcome(txn, key, json_of(&outcome)?).await?;
    Ok((outcome, false))
}
