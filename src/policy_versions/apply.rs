//! A new version of the policy is written.

use super::{
    rejection,
    rules::{self, Change},
    store,
};
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, ClockKind},
        ids::AccountId,
        policy,
    },
    error::{Fault, Result},
    policy::NOTICE,
};

/// A version to write.
#[derive(Clone, Copy, Debug)]
pub struct Applying<'a> {
    /// The whole document, in TOML.
    pub document: &'a str,
    /// The number of the version that was changed; if there is another one by now, nothing is written.
    pub expected_version: i64,
    /// From when on it is in force; as soon as possible if nothing is said.
    pub effective_from: Option<Instant>,
}

/// The most changes that the audit log names.
const NAMED_AT_MOST: usize = 100;

/// Writes a version, by `actor` or by an operator at the command line; returns its number and what has changed. In system time
/// it takes effect a minute later at the earliest, so that every process knows it by then.
///
/// # Errors
/// `INVALID_INPUT`, `CONFLICT`.
pub async fn apply(
    txn: &Txn,
    actor: Option<AccountId>,
    applying: Applying<'_>,
) -> Result<(i64, Vec<Change>)> {
    let policy = rules::read(applying.document)?;
    txn.lock_instance().await?;
    let last =
        store::find_last(txn).await?.ok_or_else(|| Fault::Broken("the database has no policy".into()))?;
    if last.version != applying.expected_version {
        return Err(rejection::superseded(last.version).into());
    }
    let document = serde_json::to_value(&policy).map_err(|error| Fault::Broken(error.to_string()))?;
    let changes = rules::changes(&last.document, &document);
    if changes.is_empty() {
        return Err(rejection::unchanged(last.version).into());
    }
    let notice = if txn.clock() == ClockKind::System { NOTICE } else { chrono::TimeDelta::zero() };
    let earliest = (txn.now() + notice).max(last.effective_from);
    let effective_from = applying.effective_from.unwrap_or(earliest);
    if effective_from < earliest {
        return Err(rejection::too_soon(earliest).into());
    }
    let version = last.version + 1;
    let row = policy::Model { version, effective_from, document, actor_id: actor, recorded_at: txn.now() };
    store::insert_version(txn, row).await?;
    let named = &changes[..changes.len().min(NAMED_AT_MOST)];
    let facts = serde_json::json!({ "version": version, "effectiveFrom": effective_from, "changes": named });
    audit::record(txn, Record::new(AuditAction::PolicyChanged, actor).with(facts)).await?;
    Ok((version, changes))
}
