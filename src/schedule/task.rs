//! A task as a row of the table of tasks, and the functions behind it.

use std::{collections::BTreeMap, fmt::Debug};

use super::run::Run;
use crate::{clock::Instant, db::Source, entity::enums::TaskTime, error::Result, policy::Policy};

/// A task: when it runs, what it needs, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its name on the command line, in the API and in its records.
    pub name: &'static str,
    /// When it runs: minute, hour, day of month, month, day of week, in UTC; a sixth field before them is the second.
    pub timetable: &'static str,
    /// The time that the timetable follows.
    pub time: TaskTime,
    pub(super) needs: &'static [Need],
    pub(super) work: &'static dyn Work,
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

impl Task {
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
