//! The last sign of life: by it a machine's clock is known that lies far ahead.
//!
//! In system time a clock that was ahead for a moment would grant cycles early and delete what is still
//! needed, and nothing of it could be taken back. So tasks that need a true clock rest while now lies implausibly far beyond the
//! last instant at which one was rung for, until the clock is right or an operator says that it is. Sending
//! mails goes on.

use chrono::TimeDelta;

use super::{Need, Task, rejection, store};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::enums::ClockKind,
    error::{Fault, Result},
    policy::Policy,
};

/// A sign of life is written again after this time at the earliest.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Nothing, if `task` may run at `now`, which is then a sign of life.
///
/// # Errors
/// `CLOCK_IMPLAUSIBLE` when `now` lies too far beyond the last one.
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

/// Whether `now` may follow a sign of life at `seen`: at most the policy's days later. A clock that was set
/// back is believed; nothing falls due early by it.
fn is_plausible(now: Instant, seen: Instant, policy: &Policy) -> bool {
    now - seen <= TimeDelta::days(policy.clock.leap_days.into())
}

/// An operator says that it is now.
///
/// # Errors
/// [`Fault::Setup`] in a sandbox, whose time only moves when it is advanced.
pub async fn confirm_now(db: &Database) -> Result<Instant> {
    if db.clock() == ClockKind::Sandbox {
        let sentence = "this database lives in sandbox time, which moves only when it is advanced; there is \
                        nothing to confirm";
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
