//! Limits on attempts: guesses at passwords, registrations, mails. An attempt is counted before the work, in a
//! transaction of its own, so that it counts whatever the outcome and however requests are combined.

use super::{Gate, rejection, rules, store};
use crate::{
    db::{Database, Txn},
    entity::enums::AttemptKind,
    error::Result,
};

/// Counts one attempt of each of these kinds, unless there were too many.
///
/// # Errors
/// `THROTTLED` with the seconds to wait.
pub async fn try_one_more(db: &Database, gate: &Gate, tries: &[(AttemptKind, &str)]) -> Result<()> {
    let mut tries: Vec<_> =
        tries.iter().map(|(kind, subject)| (*kind, gate.keys.subject_hash(subject))).collect();
    // Rows are locked in one order, and a refused source does not count against anyone else.
    tries.sort();
    let counted = db.write(async |txn| {
        for (kind, subject) in &tries {
            if let Some(seconds) = count(txn, gate, *kind, subject).await? {
                return Ok(Some(seconds));
            }
        }
        Ok(None)
    });
    match counted.await? {
        None => Ok(()),
        Some(seconds) => Err(rejection::throttled(seconds).into()),
    }
}

/// Counts one attempt; or returns the seconds to wait.
async fn count(txn: &Txn, gate: &Gate, kind: AttemptKind, subject: &str) -> Result<Option<i64>> {
    let times = store::lock_attempts(txn, kind, subject).await?;
    // Taken under the lock, so that the times of one subject are in order.
    let now = txn.wall_now().await?;
    match rules::may_try(&times, gate.limit_of(kind), now) {
        Ok(times) => {
            store::update_attempts(txn, kind, subject, &times, now).await?;
            Ok(None)
        }
        Err(seconds) => Ok(Some(seconds)),
    }
}

/// Succeeds if one more attempt would be allowed now, without counting one.
///
/// # Errors
/// `THROTTLED` with the seconds to wait.
pub async fn must_be_allowed(db: &Database, gate: &Gate, (kind, subject): (AttemptKind, &str)) -> Result<()> {
    let times = store::list_attempts(db.read(), kind, &gate.keys.subject_hash(subject)).await?;
    match rules::may_try(&times, gate.limit_of(kind), db.wall_now().await?) {
        Ok(_) => Ok(()),
        Err(seconds) => Err(rejection::throttled(seconds).into()),
    }
}

/// Takes back an attempt of each of these kinds, which [`try_one_more`] has counted and which was none.
///
/// # Errors
/// When the database refuses.
pub async fn take_back_try(db: &Database, gate: &Gate, tries: &[(AttemptKind, &str)]) -> Result<()> {
    let mut tries: Vec<_> =
        tries.iter().map(|(kind, subject)| (*kind, gate.keys.subject_hash(subject))).collect();
    tries.sort();
    db.write(async |txn| {
        for (kind, subject) in &tries {
            let mut times = store::lock_attempts(txn, *kind, subject).await?;
            times.pop();
            store::update_attempts(txn, *kind, subject, &times, txn.wall_now().await?).await?;
        }
        Ok(())
    })
    .await
}

/// Clears the guesses at an account's password after the right one was given.
///
/// # Errors
/// When the database refuses.
pub async fn forget_guesses(txn: &Txn, gate: &Gate, email: &str) -> Result<()> {
    store::delete_attempts(txn, AttemptKind::Guess, &gate.keys.subject_hash(email)).await
}
