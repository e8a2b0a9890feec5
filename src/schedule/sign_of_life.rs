//! The last sign of life, which reveals a machine's clock that is far ahead.
//!
//! In system time a clock that was ahead for a moment would grant cycles early and delete what is still needed, and
//! none of that could be undone. So tasks that need a true clock do not run while the time is implausibly far beyond
//! the last instant at which one was rung for, until the clock is right or an operator confirms it. Mails are still
//! sent.

use chrono::TimeDelta;

use super::{
    rejection, store,
    task::{Need, Task},
};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::enums::ClockKind,
    error::{Fault, Result},
    policy::Policy,
};

/// The shortest time between two signs of life.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Checks that `task` may run at `now`, which is then a sign of life.
///
/// # Errors
/// `CLOCK_IMPLAUSIBLE`.
pub(super) async fn must_be_plausible(db: &Database, task: &Task, now: Instant) -> Result<()> {
    if db.clock() == ClockKind::Sandbox {
        return Ok(());
    }
    match store::find_seen(db.read()).await? {
        Some(seen) if !is_plausible(now, seen, &db.policy_at(now).policy) => {
            if task.needs(Need::Clock) {
                Err(rejection::implausible(now, seen).into())
            } else {
                Ok(())
            }
        }
        Some(seen) if now < seen + NOTED_EVERY => Ok(()),
        _ => db.write(async |txn: &Txn| store::raise_seen(txn, now).await).await,
    }
}

/// Whether `now` may follow a sign of life at `seen`: at most the policy's days later. A clock that was set back is
/// believed, because nothing falls due early by it.
fn is_plausible(now: Instant, seen: Instant, policy: &Policy) -> bool {
    now - seen <= TimeDelta::days(policy.clock.leap_days.into())
}

/// Confirms, for an operator, that the machine's clock is right.
///
/// # Errors
/// [`Fault::Setup`] in a sandbox.
pub async fn confirm_now(db: &Database) -> Result<Instant> {
    if db.clock() == ClockKind::Sandbox {
        let sentence = "this database uses sandbox time, which moves only when it is advanced; use \
        `connects clock advance`";
        return Err(Fault::Setup(sentence.into()).into());
    }
    let now = db.now().await?;
    db.write(async |txn: &Txn| store::update_seen(txn, now).await).await?;
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q_1_a_clock_that_leaps_far_ahead_is_not_believed_and_one_that_was_set_back_is() {
        let policy = Policy::seed().unwrap();
        let seen: Instant = "2026-01-10T00:00:00Z".parse().unwrap();
        let after = |days| is_plausible(seen + TimeDelta::days(days), seen, &policy);
        assert_eq!([-400, 0, 7, 8, 3_650].map(after), [true, true, true, false, false]);
    }
}
