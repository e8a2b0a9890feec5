//! The table of all tasks. A task is a row here and a file beside it.

mod expire_connects;
mod expiry_notices;
mod housekeeping;
mod job_posts;
mod mail;
mod monthly_grants;
mod reconcile;

use std::{collections::BTreeMap, fmt::Debug};

use self::Need::{Clock, Providers};
use super::{Run, rejection};
use crate::{
    clock::Instant,
    db::Source,
    entity::enums::TaskTime::{self, Business, Wall},
    error::{Rejection, Result},
    policy::Policy,
};

/// The tasks, in the order in which those due at the same instant run: name, timetable, the time that it follows, what
/// the task needs, what it does.
pub const TASKS: [Task; 7] = [
    row("monthly-grants", "5 * * * *", Business, &[Clock], &monthly_grants::MonthlyGrants),
    row("expire-connects", "15 * * * *", Business, &[Clock], &expire_connects::ExpireConnects),
    row("job-posts", "20 * * * *", Business, &[Clock], &job_posts::JobPosts),
    row("expiry-notices", "0 6 * * *", Business, &[Clock], &expiry_notices::ExpiryNotices),
    row("reconcile", "0 4 * * *", Business, &[Clock], &reconcile::Reconcile),
    row("housekeeping", "0 5 * * *", Wall, &[Clock], &housekeeping::Housekeeping),
    row("mail", "*/5 * * * * *", Wall, &[Providers], &mail::Mail),
];

/// A task: when it runs, what it needs, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its name on the command line, in the API and in its records.
    pub name: &'static str,
    /// When it runs: minute, hour, day of month, month, day of week, in UTC; a sixth field before them is the second.
    pub timetable: &'static str,
    /// The time that the timetable follows.
    pub time: TaskTime,
    needs: &'static [Need],
    work: &'static dyn Work,
}

/// What a task needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A believable clock, because what the task did too early could not be undone.
    Clock,
    /// The providers, and so the secret.
    Providers,
}

/// The counts of what a run did.
pub type Counts = BTreeMap<&'static str, u64>;

/// The functions of a task.
#[async_trait::async_trait]
pub(super) trait Work: Debug + Sync {
    /// The instant since or from which there is something to do; `None` if nothing is in sight.
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>>;

    /// Does all that is due up to now, in batches.
    async fn run(&self, run: &Run<'_>) -> Result<Counts>;
}

/// What a task can read to find out what is due.
#[derive(Debug)]
pub(super) struct Outlook<'a> {
    /// The task.
    pub task: &'a Task,
    /// The database.
    pub db: Source<'a>,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Now, in the task's own time. Stored runs at later instants do not count.
    pub now: Instant,
}

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
        TASKS.iter().find(|task| task.name == name).ok_or_else(rejection::no_such_task)
    }

    /// Whether the task needs this.
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// The instant since or from which it has something to do at `now`, which is in the task's own time; `None` if
    /// nothing is in sight.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next_due<'a>(
        &self,
        db: impl Into<Source<'a>>,
        policy: &Policy,
        now: Instant,
    ) -> Result<Option<Instant>> {
        self.work.due(&Outlook { task: self, db: db.into(), policy, now }).await
    }

    /// Does all that is due up to now; returns the counts of what it did.
    ///
    /// # Errors
    /// The error of a batch that failed; finished batches remain.
    pub(super) async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        self.work.run(run).await
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Task {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::occurrence;

    #[test]
    fn q_2_every_timetable_can_be_read() {
        for task in TASKS {
            assert!(occurrence::at_or_after(&task, Instant::UNIX_EPOCH).is_some(), "{}", task.name);
            assert_eq!(Task::find(task.name).unwrap(), &task);
        }
    }
}
