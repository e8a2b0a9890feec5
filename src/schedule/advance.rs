//! Moving sandbox time forward: all tasks run in due order, as they would have.

use std::{collections::BTreeMap, time::Duration};

use chrono::Months;
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;

use super::{
    TASKS, Task, TaskName, batches::Batches, lease, lease::Lease, occurrence, rejection, runner, store,
    tasks::Counts,
};
use crate::{
    audit,
    audit::Record,
    clock::{self, Instant},
    db::{Database, Txn},
    entity::{
        enums::{AuditAction, TaskTime, TaskTrigger},
        ids::AccountId,
    },
    error::{Fault, Rejection, Result},
    policy::Policy,
    viewer::{Permission, Viewer},
};

/// The name of the clock's lease.
const CLOCK: &str = "clock";

/// What an advance did.
#[derive(Clone, Debug)]
pub struct Advance {
    /// Where the time stood.
    pub from: Instant,
    /// Where it stands: before the goal when its time ran out.
    pub to: Instant,
    /// What ran, in TASKS order.
    pub ran: Vec<Ran>,
}

/// The runs of one task during an advance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The task.
    pub task: TaskName,
    /// How many runs.
    pub runs: u64,
    /// What they did, summed up.
    pub counts: Counts,
}

/// Moves sandbox time to `to`, tick by tick: each jump goes to the first time of a timetable at which
/// a task has something due, and runs what is due there. Killed half way, the next advance goes on
/// where it stood.
///
/// # Errors
/// `NOT_A_SANDBOX`, `CLOCK_NOT_FORWARD`; `INVALID_INPUT` for what lies too far away; `BUSY` while another
/// advance runs; what stopped a task.
pub async fn advance(db: &Database, to: Instant, stop: &CancellationToken) -> Result<Advance> {
    advance_for(db, None, to, (None, stop)).await
}

/// [`advance`], because `actor` asks for it. After `limit` it ends at the tick it has reached, one at least.
///
/// # Errors
/// As [`advance`]; `NOT_ALLOWED` unless `actor` may.
pub async fn advance_by(
    db: &Database,
    actor: &Viewer,
    to: Instant,
    (limit, stop): (Duration, &CancellationToken),
) -> Result<Advance> {
    actor.must(Permission::RunTasks)?;
    advance_for(db, Some(actor.id()), to, (Some(limit), stop)).await
}

async fn advance_for(
    db: &Database,
    actor: Option<AccountId>,
    to: Instant,
    (limit, stop): (Option<Duration>, &CancellationToken),
) -> Result<Advance> {
    let deadline = limit.map(|limit| tokio::time::Instant::now() + limit);
    let take = async |txn: &Txn| {
        may_go(txn, to)?;
        let Some(lease) = Lease::take_for(db, txn, (CLOCK, Some(to))).await? else {
            return Err(under_way(txn).await?.into());
        };
        if actor.is_some() {
            let facts = serde_json::json!({ "from": txn.now(), "to": to });
            audit::record(txn, Record::new(AuditAction::ClockAdvanced, actor).with(facts)).await?;
        }
        Ok((lease, txn.now()))
    };
    let (lease, from) = db.write(take).await?;
    let walked = walk(&Ground::Real { db, lease: &lease, stop, deadline }, from, to).await;
    if let Err(error) = db.write(async |txn| lease.release(txn).await).await {
        tracing::warn!(%error, "the clock's lease could not be given back; it passes on by itself");
    }
    let (to, ran) = walked?;
    Ok(Advance { from, to, ran })
}

/// What [`advance`] would do: the same walk in one transaction that is rolled back.
///
/// # Errors
/// As [`advance`]; [`Fault::TimedOut`] beyond `limit`.
pub async fn dry_run_advance(db: &Database, to: Instant, limit: Duration) -> Result<Advance> {
    db.rehearse(limit, None, async |txn| walk_within(txn, to).await).await
}

/// [`advance`] in a transaction that somebody else owns: all of it comes true, or nothing.
///
/// # Errors
/// As [`advance`].
pub async fn advance_within(txn: &Txn, to: Instant) -> Result<Advance> {
    if find_goal(txn, txn.lease_now().await?).await?.is_some() {
        return Err(under_way(txn).await?.into());
    }
    walk_within(txn, to).await
}

async fn walk_within(txn: &Txn, to: Instant) -> Result<Advance> {
    may_go(txn, to)?;
    let from = txn.now();
    let (to, ran) = walk(&Ground::Within { txn }, from, to).await?;
    Ok(Advance { from, to, ran })
}

/// Where the advance of the clock goes that is under way.
///
/// # Errors
/// When the database cannot be reached.
pub async fn heading(db: &Database) -> Result<Option<Instant>> {
    find_goal(db.read(), db.lease_now().await?).await
}

async fn find_goal(db: &impl ConnectionTrait, now: Instant) -> Result<Option<Instant>> {
    let lease = store::find_lease(db, CLOCK).await?;
    Ok(lease.filter(|lease| lease::lasts(lease.expires_at, now)).and_then(|lease| lease.goal_at))
}

async fn under_way(txn: &Txn) -> Result<Rejection> {
    let goal = store::find_lease(txn, CLOCK).await?.and_then(|lease| lease.goal_at);
    Ok(rejection::advancing(txn.now(), goal.unwrap_or_else(|| txn.now())))
}

/// Nothing, if one advance may go to `to`.
fn may_go(txn: &Txn, to: Instant) -> Result<()> {
    txn.may_move_clock(to)?;
    let years = txn.policy().clock.advance_years;
    let farthest = txn.now().checked_add_months(Months::new(years.saturating_mul(12)));
    match farthest.filter(|farthest| *farthest < to) {
        Some(farthest) => Err(rejection::too_far(years, farthest).into()),
        None if !clock::may_stand_at(to) => Err(rejection::out_of_time().into()),
        None => Ok(()),
    }
}

/// What a walk through time stands on.
enum Ground<'a> {
    /// Each step is a transaction of its own, under the clock's lease, until the deadline.
    Real {
        db: &'a Database,
        lease: &'a Lease,
        stop: &'a CancellationToken,
        deadline: Option<tokio::time::Instant>,
    },
    /// All steps are in this transaction; its owner commits it, or rolls it back after a dry run.
    Within { txn: &'a Txn },
}

/// Where the walk ended, and what ran.
async fn walk(ground: &Ground<'_>, from: Instant, to: Instant) -> Result<(Instant, Vec<Ran>)> {
    let mut ran: BTreeMap<TaskName, Ran> = BTreeMap::new();
    let mut now = from;
    while let Some(tick) = ground.next_tick(now).await?.filter(|tick| *tick <= to) {
        if !ran.is_empty() && ground.is_over() {
            return Ok((now, ran.into_values().collect()));
        }
        for task in business_tasks() {
            if ground.next_tick_of(task, now).await? == Some(tick) {
                let counts = ground.run_at(task.name, tick).await?;
                tally(&mut ran, task.name, counts);
            }
        }
        now = tick;
    }
    ground.arrive(to).await?;
    Ok((to, ran.into_values().collect()))
}

impl Ground<'_> {
    /// Whether the time for the walk has run out.
    fn is_over(&self) -> bool {
        let Self::Real { deadline: Some(deadline), .. } = self else { return false };
        tokio::time::Instant::now() >= *deadline
    }

    /// The earliest time at or after `now` at which a task has something due.
    async fn next_tick(&self, now: Instant) -> Result<Option<Instant>> {
        let mut earliest = None;
        for task in business_tasks() {
            let tick = self.next_tick_of(task, now).await?;
            earliest = [earliest, tick].into_iter().flatten().min();
        }
        Ok(earliest)
    }

    async fn next_tick_of(&self, task: &Task, now: Instant) -> Result<Option<Instant>> {
        match self {
            Self::Real { db, .. } => next_tick_of(db.read(), &db.policy_at(now).policy, task, now).await,
            Self::Within { txn } => next_tick_of(*txn, txn.policy_at(now), task, now).await,
        }
    }

    /// Moves the clock to `tick` and runs `task` there.
    async fn run_at(&self, task: TaskName, tick: Instant) -> Result<Counts> {
        match self {
            Self::Real { stop, .. } if stop.is_cancelled() => Err(Fault::Stopped.into()),
            Self::Real { db, lease, stop, .. } => run_at(db, task, tick, lease, stop).await,
            Self::Within { txn } => {
                txn.move_clock(tick).await?;
                let Some(run) = runner::claim_occurrence(txn, task, TaskTrigger::Cron, tick).await? else {
                    return Ok(Counts::new());
                };
                // What failed is rolled back with all the rest, so nobody would ever see its record.
                let counts = task.run(&mut Batches::Within { txn }).await?;
                runner::record(txn, run, &Ok(counts.clone())).await?;
                Ok(counts)
            }
        }
    }

    /// Moves the clock to where the walk ends.
    async fn arrive(&self, to: Instant) -> Result<()> {
        match self {
            Self::Within { txn } => txn.move_clock(to).await,
            Self::Real { db, lease, .. } => {
                let arrive = async |txn: &Txn| {
                    lease.must_hold(txn).await?;
                    txn.move_clock(to).await
                };
                db.write(arrive).await
            }
        }
    }
}

fn business_tasks() -> impl Iterator<Item = &'static Task> {
    TASKS.iter().filter(|task| task.time == TaskTime::Business)
}

/// The first time of `task` at or after `now` at which it has something due and that it has not run
/// at; `None` while it is paused.
async fn next_tick_of(
    db: &impl ConnectionTrait,
    policy: &Policy,
    task: &Task,
    now: Instant,
) -> Result<Option<Instant>> {
    let Some(due) = task.name.next_due(db, policy, now).await? else { return Ok(None) };
    if store::is_paused(db, task.name).await? {
        return Ok(None);
    }
    let ran = store::find_last_occurrence(db, task.name).await?;
    let tick = occurrence::at_or_after(task, due.max(now));
    Ok(match (tick, ran) {
        (Some(tick), Some(ran)) if tick <= ran => occurrence::after(task, ran),
        _ => tick,
    })
}

/// Moves the clock to `tick` and runs `task` there, under the clock's lease and the task's own.
async fn run_at(
    db: &Database,
    task: TaskName,
    tick: Instant,
    clock: &Lease,
    stop: &CancellationToken,
) -> Result<Counts> {
    let claim = async |txn: &Txn| {
        clock.must_hold(txn).await?;
        let lease =
            Lease::take(db, txn, task.as_str()).await?.ok_or_else(|| rejection::busy(task.as_str()))?;
        txn.move_clock(tick).await?;
        let run = runner::claim_occurrence(txn, task, TaskTrigger::Cron, tick).await?;
        Ok((lease, run))
    };
    let (lease, run) = db.write(claim).await?;
    let Some(run) = run else { return Ok(Counts::new()) };
    let outcome = runner::guarded(task, &mut Batches::Real { db, lease: &lease, stop, as_of: None }).await;
    let end = async |txn: &Txn| {
        lease.release(txn).await?;
        runner::record(txn, run, &outcome).await
    };
    db.write(end).await?;
    outcome
}

fn tally(ran: &mut BTreeMap<TaskName, Ran>, task: TaskName, counts: Counts) {
    let sum = ran.entry(task).or_insert(Ran { task, runs: 0, counts: Counts::new() });
    sum.runs += 1;
    for (what, count) in counts {
        *sum.counts.entry(what).or_default() += count;
    }
}
