//! What may only be tried so often: guesses at passwords, registrations, mails. Counted before the work,
//! in a transaction of its own, so that it counts whatever comes of it and however it is packed.

use super::{Gate, rejection, rules, store};
use crate::{
    db::{Database, Txn},
    entity::enums::AttemptKind,
    error::Result,
};

/// Counts one more try of each of these, unless it was tried too often.
///
/// # Errors
/// `THROTTLED` with the seconds to wait.
pub async fn try_one_more(db: &Database, gate: &Gate, tries: &[(AttemptKind, &str)]) -> Result<()> {
    let mut tries: Vec<_> =
        tries.iter().map(|(kind, subject)| (*kind, gate.keys.subject_hash(subject))).collect();
    // Rows are locked in one order, and a source that is refused counts against nobody else.
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

/// Counts one try; or the seconds to wait.
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

/// Forgets the guesses at an account's password: it was given.
pub(super) async fn forget_guesses(txn: &Txn, gate: &Gate, email: &str) -> Result<()> {
    store::delete_attempts(txn, AttemptKind::Guess, &gate.keys.subject_hash(email)).await
}
