//! The table of all tasks. A task is a row here and a file beside it.

mod commissions;
mod expire_connects;
mod expiry_notices;
mod housekeeping;
mod job_posts;
mod mail;
mod monthly_grants;
mod payments;
mod payouts;
mod reconcile;
mod referral_rewards;
mod retire_keys;
mod sending;

use super::{
    rejection,
    task::{
        Need::{self, Clock, Providers},
        Task, Work,
    },
};
use crate::{
    entity::enums::{
        PayoutPurpose::{Commissions, Withdrawal},
        TaskTime::{self, Business, Wall},
    },
    error::Rejection,
};

/// The tasks, in the order in which those due at the same instant run: name, timetable, the time that it follows, what
/// the task needs, what it does.
pub const TASKS: &[Task] = &[
    row("monthly-grants", "5 * * * *", Business, &[Clock, Providers], &monthly_grants::MonthlyGrants),
    row("expire-connects", "15 * * * *", Business, &[Clock], &expire_connects::ExpireConnects),
    row("job-posts", "20 * * * *", Business, &[Clock], &job_posts::JobPosts),
    row("payments", "*/5 * * * *", Business, &[Providers], &payments::Payments),
    row("expiry-notices", "0 6 * * *", Business, &[Clock], &expiry_notices::ExpiryNotices),
    row("commissions", "30 1 * * *", Business, &[Clock], &commissions::Commissions),
    row("affiliate-payouts", "0 2 * * *", Business, &[Clock, Providers], &payouts::Payouts(Commissions)),
    row("referral-rewards", "30 2 * * *", Business, &[Clock], &referral_rewards::ReferralRewards),
    row("withdrawals", "0 3 * * *", Business, &[Clock, Providers], &payouts::Payouts(Withdrawal)),
    row("reconcile", "0 4 * * *", Business, &[Clock], &reconcile::Reconcile),
    row("housekeeping", "0 5 * * *", Wall, &[Clock], &housekeeping::Housekeeping),
    row("retire-keys", "25 * * * *", Wall, &[Clock, Providers], &retire_keys::RetireKeys),
    row("mail", "*/5 * * * * *", Wall, &[Providers], &mail::Mail),
];

const fn row(
    name: &'static str,
    timetable: &'static str,
    time: TaskTime,
    needs: &'static [Need],
    work: &'static dyn Work,
) -> Task {
    Task { name, timetable, time, needs, work }
}

impl Task {
    /// The task called `name`.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub fn find(name: &str) -> Result<&'static Self, Rejection> {
        let names = || TASKS.iter().map(|task| task.name).collect::<Vec<_>>();
        TASKS.iter().find(|task| task.name == name).ok_or_else(|| rejection::no_such_task(&names()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Instant, schedule::occurrence};

    #[test]
    fn q_2_every_timetable_can_be_read() {
        for task in TASKS {
            assert!(occurrence::at_or_after(task, Instant::UNIX_EPOCH).is_some(), "{}", task.name);
            assert_eq!(Task::find(task.name).unwrap(), task);
        }
    }
}
