//! All tasks on one screen: name, timetable, which time it follows, what makes it due, what it does.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;

use super::{batches::Batches, delivery, store};
use crate::{
    accounts,
    clock::Instant,
    closing,
    connects::{self, Announcement},
    db::Txn,
    entity::enums::TaskTime,
    error::{Fault, Result},
    idempotency, job_posts, mails, memberships,
    policy::Policy,
};

/// A task, its timetable, and the time that the timetable is in.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its name.
    pub name: TaskName,
    /// When it is woken: minute, hour, day of month, month, day of week, in UTC; a sixth field before
    /// them is the second.
    pub timetable: &'static str,
    /// Which time it follows.
    pub time: TaskTime,
}

/// The tasks, in the order in which those due at one instant run.
pub const TASKS: [Task; 7] = [
    Task { name: TaskName::MonthlyGrants, timetable: "5 * * * *", time: TaskTime::Business },
    Task { name: TaskName::ExpireConnects, timetable: "15 * * * *", time: TaskTime::Business },
    Task { name: TaskName::JobPosts, timetable: "20 * * * *", time: TaskTime::Business },
    Task { name: TaskName::ExpiryNotices, timetable: "0 6 * * *", time: TaskTime::Business },
    Task { name: TaskName::Reconcile, timetable: "0 4 * * *", time: TaskTime::Business },
    Task { name: TaskName::Housekeeping, timetable: "0 5 * * *", time: TaskTime::Wall },
    Task { name: TaskName::Outbox, timetable: "*/5 * * * * *", time: TaskTime::Wall },
];

/// The name of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskName {
    /// Issues the Connects of every cycle that has begun (M-4).
    MonthlyGrants,
    /// Books lots that have expired (L-5).
    ExpireConnects,
    /// Warns clients before their posts expire, and expires them (J-4).
    JobPosts,
    /// Tells owners before their Connects expire (L-6).
    ExpiryNotices,
    /// Proves the ledger (H-4).
    Reconcile,
    /// Deletes old idempotency keys, run records, and what signing in leaves behind.
    Housekeeping,
    /// Sends the mails that were written.
    Outbox,
}

/// What a run did, counted.
pub type Counts = BTreeMap<&'static str, u64>;

/// Run records are kept for this many days, the last one of each task for ever.
const RUNS_KEPT_DAYS: i64 = 90;

/// Rows of one housekeeping transaction.
const ROWS_AT_ONCE: u64 = 5_000;

impl TaskName {
    /// The word it is called by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MonthlyGrants => "monthly-grants",
            Self::ExpireConnects => "expire-connects",
            Self::JobPosts => "job-posts",
            Self::ExpiryNotices => "expiry-notices",
            Self::Reconcile => "reconcile",
            Self::Housekeeping => "housekeeping",
            Self::Outbox => "outbox",
        }
    }

    /// The task called by this word.
    pub fn find(word: &str) -> Option<Self> {
        TASKS.iter().map(|task| task.name).find(|name| name.as_str() == word)
    }

    /// Its entry in the timetable.
    pub fn task(self) -> &'static Task {
        let index = TASKS.iter().position(|task| task.name == self).unwrap_or_default();
        &TASKS[index]
    }

    /// Since when, or from when on, it has something to do; `None` while nothing is in sight. What is stored of
    /// instants that `now`, in the task's own time, has not reached counts for nothing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next_due(
        self,
        db: &impl ConnectionTrait,
        policy: &Policy,
        now: Instant,
    ) -> Result<Option<Instant>> {
        match self {
            Self::MonthlyGrants => memberships::next_due(db).await,
            Self::ExpireConnects => connects::next_expiry(db).await,
            Self::JobPosts => closing::next_deadline(db).await,
            Self::ExpiryNotices => {
                let since = store::find_last_success(db, self, now).await?;
                connects::next_announcement(db, since, &policy.lots.notice_days).await
            }
            // At each of its times: the one after its last run, or the first one of all.
            Self::Reconcile => {
                let last = store::find_last_success(db, self, now).await?;
                Ok(Some(last.map_or(Instant::UNIX_EPOCH, |at| at + TimeDelta::microseconds(1))))
            }
            Self::Housekeeping => {
                let keys = idempotency::find_oldest(db).await?.map(|at| at + retention());
                let runs = store::find_oldest_run(db).await?.map(|at| at + TimeDelta::days(RUNS_KEPT_DAYS));
                let stale = accounts::store::find_stale_since(db).await?;
                Ok([keys, runs, stale].into_iter().flatten().min())
            }
            Self::Outbox => mails::find_next_due(db, now).await,
        }
    }

    /// Does all that is due up to now; returns what it did, counted.
    ///
    /// # Errors
    /// When a batch fails; the finished ones stand.
    pub(super) async fn run(self, batches: &mut Batches<'_>) -> Result<Counts> {
        match self {
            Self::MonthlyGrants => monthly_grants(batches).await,
            Self::ExpireConnects => expire_connects(batches).await,
            Self::JobPosts => job_posts(batches).await,
            Self::ExpiryNotices => expiry_notices(batches).await,
            Self::Reconcile => reconcile(batches).await,
            Self::Housekeeping => housekeeping(batches).await,
            Self::Outbox => delivery::deliver(batches).await,
        }
    }
}

async fn monthly_grants(batches: &mut Batches<'_>) -> Result<Counts> {
    let mut issued = 0;
    while let Some(entries) = batches.next(async |txn| memberships::issue_due(txn).await).await? {
        issued += entries;
    }
    Ok(Counts::from([("issued", issued)]))
}

async fn expire_connects(batches: &mut Batches<'_>) -> Result<Counts> {
    let mut expired = 0;
    loop {
        let booked = batches.next(async |txn| connects::expire_due(txn).await).await?;
        expired += booked;
        if booked == 0 {
            return Ok(Counts::from([("expired", expired)]));
        }
    }
}

async fn job_posts(batches: &mut Batches<'_>) -> Result<Counts> {
    let mut counts = Counts::from([("warned", 0), ("expired", 0)]);
    loop {
        // What has expired is not warned of any more.
        let expired = batches.next(async |txn| closing::expire_due(txn).await).await?;
        let warned = batches.next(async |txn| job_posts::warn_due(txn).await).await?;
        *counts.entry("warned").or_default() += warned;
        *counts.entry("expired").or_default() += expired;
        if warned + expired == 0 {
            return Ok(counts);
        }
    }
}

async fn expiry_notices(batches: &mut Batches<'_>) -> Result<Counts> {
    let begin = async |txn: &Txn| {
        let since = store::find_last_success(txn, TaskName::ExpiryNotices, txn.now()).await?;
        Ok(Announcement::new(since, &txn.policy().lots.notice_days))
    };
    let (mut announcement, mut told) = (batches.next(begin).await?, 0);
    while let Some((owners, next)) = batches.next(async |txn| announcement.next(txn).await).await? {
        told += owners;
        announcement = next;
    }
    Ok(Counts::from([("told", told)]))
}

async fn reconcile(batches: &mut Batches<'_>) -> Result<Counts> {
    let breaches = match batches {
        Batches::Within { txn } => connects::verify(*txn).await?,
        Batches::Real { db, .. } => connects::verify(&db.snapshot().await?).await?,
    };
    if let Some(breach) = breaches.first() {
        for breach in &breaches {
            tracing::error!(breach.invariant, breach.wallet, breach.detail, "the ledger does not reconcile");
        }
        let (count, breach) = (breaches.len(), breach.invariant);
        return Err(
            Fault::Broken(format!("{count} breaches, the first of {breach}; run `connects verify`")).into()
        );
    }
    Ok(Counts::from([("breaches", 0)]))
}

async fn housekeeping(batches: &mut Batches<'_>) -> Result<Counts> {
    let now = batches.next(async |txn| txn.wall_now().await).await?;
    let mut counts = Counts::from([("keys", 0), ("runs", 0), ("stale", 0)]);
    loop {
        let keys =
            batches.next(async |txn| idempotency::sweep_old(txn, now - retention(), ROWS_AT_ONCE).await);
        let keys = keys.await?;
        let old = now - TimeDelta::days(RUNS_KEPT_DAYS);
        let runs = batches.next(async |txn| store::sweep_runs(txn, old, ROWS_AT_ONCE).await).await?;
        *counts.entry("keys").or_default() += keys;
        *counts.entry("runs").or_default() += runs;
        let stale = async |txn: &Txn| accounts::store::sweep_stale(txn, now, ROWS_AT_ONCE).await;
        let stale = batches.next(stale).await?;
        *counts.entry("stale").or_default() += stale;
        if keys + runs + stale == 0 {
            return Ok(counts);
        }
    }
}

fn retention() -> TimeDelta {
    TimeDelta::days(idempotency::RETENTION_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::occurrence;

    #[test]
    fn q_2_every_timetable_can_be_read() {
        for task in TASKS {
            assert!(occurrence::at_or_after(&task, Instant::UNIX_EPOCH).is_some(), "{:?}", task.name);
            assert_eq!(TaskName::find(task.name.as_str()), Some(task.name));
            assert_eq!(task.name.task().timetable, task.timetable);
        }
    }
}
