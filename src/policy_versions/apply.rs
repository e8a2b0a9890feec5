//! A new version of the policy is written.

use chrono::TimeDelta;

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
    error::{Fault, Rejection, Result},
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

/// A version that was written.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its number.
    pub version: i64,
    /// What it changes of the version that is in force when it takes effect.
    pub changes: Vec<Change>,
    /// Versions that were to take effect later and never will.
    pub replaced: Vec<i64>,
}

/// The most changes that the audit log names.
const NAMED_AT_MOST: usize = 100;

/// The most days ahead for which a version is written: a year that was mistyped is noticed.
const DAYS_AHEAD: i64 = 731;

/// Writes a version, by `actor` or by an operator at the command line. In system time it takes effect a minute later at the
/// earliest, so that every process knows it by then. It takes the place of all that were to take effect after it, so that
/// nothing planned keeps an urgent change from coming; with the document in force, it only takes those back.
///
/// # Errors
/// `INVALID_INPUT`, `CONFLICT`.
pub async fn apply(txn: &Txn, actor: Option<AccountId>, applying: Applying<'_>) -> Result<Applied> {
    let policy = rules::read(applying.document)?;
    txn.lock_instance().await?;
    let missing = || Fault::Broken("the database has no policy".into());
    let last = store::find_last(txn).await?.ok_or_else(missing)?;
    if last.version != applying.expected_version {
        return Err(rejection::superseded(last.version).into());
    }
    let document = serde_json::to_value(&policy).map_err(|error| Fault::Broken(error.to_string()))?;
    let effective_from = effective_from(txn, applying.effective_from)?;
    let before = store::find_in_force(txn, effective_from).await?.ok_or_else(missing)?;
    let replaced = store::list_later(txn, effective_from).await?;
    let changes = rules::changes(&before.document, &document);
    if changes.is_empty() && replaced.is_empty() {
        return Err(rejection::unchanged(before.version).into());
    }
    let version = last.version + 1;
    let row = policy::Model { version, effective_from, document, actor_id: actor, recorded_at: txn.now() };
    store::insert_version(txn, row).await?;
    let named = &changes[..changes.len().min(NAMED_AT_MOST)];
    let facts = serde_json::json!({ "version": version, "effectiveFrom": effective_from, "changes": named,
        "replaced": replaced });
    audit::record(txn, Record::new(AuditAction::PolicyChanged, actor).with(facts)).await?;
    Ok(Applied { version, changes, replaced })
}

/// From when on a version is in force that is wanted from `wanted` on.
fn effective_from(txn: &Txn, wanted: Option<Instant>) -> Result<Instant, Rejection> {
    let notice = if txn.clock() == ClockKind::System { NOTICE } else { TimeDelta::zero() };
    let (earliest, latest) = (txn.now() + notice, txn.now() + TimeDelta::days(DAYS_AHEAD));
    let from = wanted.unwrap_or(earliest);
    if from < earliest {
        return Err(rejection::too_soon(earliest));
    }
    if from > latest { Err(rejection::too_late(latest)) } else { Ok(from) }
}
