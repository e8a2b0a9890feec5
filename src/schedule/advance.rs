//! Moving sandbox time forward: all tasks run in due order, as they would have.

use std::{collections::BTreeMap, time::Duration};

use chrono::Months;
use sea_orm::ConnectionTrait;

use super::{
    claim::claim_occurrence,
    execution::Execution,
    lease::{self, Lease},
    occurrence, rejection,
    run::Run,
    runner::Runner,
    store::{self, leases},
    task::{Counts, Task},
    tasks::TASKS,
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
    error::{Rejection, Result},
    viewer::Viewer,
};

/// The name of the clock's lease.
const CLOCK: &str = "clock";

/// The result of an advance.
#[derive(Clone, Debug)]
pub struct Advance {
    /// The time before.
    pub from: Instant,
    /// The time reached: before the goal if the limit ran out.
    pub to: Instant,
    /// What ran, in TASKS order.
    pub ran: Vec<Ran>,
}

/// The runs of one task during an advance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The task.
    pub task: &'static Task,
    /// The number of runs.
    pub runs: u64,
    /// The sums of their counts.
    pub counts: Counts,
}

impl Runner {
    /// Moves sandbox time to `to`, tick by tick: each jump goes to the first time of a timetable at which
    /// a task has something due, and runs what is due there. If it is killed midway, the next advance continues from
    /// there.
    ///
    /// # Errors
    /// `NOT_A_SANDBOX`, `CLOCK_NOT_FORWARD`; `INVALID_INPUT` for an instant that is too far away; `BUSY` while another
    /// advance runs; the error that stopped a task.
    pub async fn advance(&self, to: Instant) -> Result<Advance> {
        self.advance_for(None, to, None).await
    }

    /// [`Runner::advance`] on behalf of `actor`. After `limit` it ends at the tick it has reached, at least one.
    ///
    /// # Errors
    /// As [`Runner::advance`].
    pub async fn advance_by(&self, actor: &Viewer, to: Instant, limit: Duration) -> Result<Advance> {
        self.advance_for(Some(actor.id()), to, Some(limit)).await
    }

    async fn advance_for(
        &self,
        actor: Option<AccountId>,
        to: Instant,
        limit: Option<Duration>,
    ) -> Result<Advance> {
        let deadline = limit.map(|limit| tokio::time::Instant::now() + limit);
        let begin = async |txn: &Txn| {
            may_go(txn, to)?;
            let Some(lease) = Lease::take_for(&self.db, txn, (CLOCK, Some(to))).await? else {
                return Err(under_way(txn).await?.into());
            };
            if actor.is_some() {
                let facts = serde_json::json!({ "from": txn.now(), "to": to });
                audit::record(txn, Record::new(AuditAction::ClockAdvanced, actor).with(facts)).await?;
            }
            Ok((lease, txn.now()))
        };
        let (lease, from) = self.db.write(begin).await?;
        let walk = Walk { execution: Execution::Real(self), lease: Some(&lease), deadline };
        let walked = walk.go(from, to).await;
        if let Err(error) = self.db.write(async |txn| lease.release(txn).await).await {
            tracing::warn!(%error, "the clock's lease could not be given back; it passes on by itself");
        }
        walked
    }
}

/// What [`Runner::advance`] would do: the same walk in one transaction that is rolled back.
///
/// # Errors
/// As [`Runner::advance`]; [`Fault::TimedOut`](crate::error::Fault::TimedOut) beyond `limit`.
pub async fn dry_run_advance(db: &Database, to: Instant, limit: Duration) -> Result<Advance> {
    db.rehearse(limit, None, async |txn| walk_within(txn, to).await).await
}

/// [`Runner::advance`] in the caller's transaction: all of it takes effect, or nothing.
///
/// # Errors
/// As [`Runner::advance`].
pub async fn advance_within(txn: &Txn, to: Instant) -> Result<Advance> {
    if find_goal(txn, txn.lease_now().await?).await?.is_some() {
        return Err(under_way(txn).await?.into());
    }
    walk_within(txn, to).await
}

async fn walk_within(txn: &Txn, to: Instant) -> Result<Advance> {
    may_go(txn, to)?;
    Walk { execution: Execution::Within(txn), lease: None, deadline: None }.go(txn.now(), to).await
}

/// The goal of the running advance.
///
/// # Errors
/// When the database cannot be reached.
pub async fn heading(db: &Database) -> Result<Option<Instant>> {
    find_goal(db.read(), db.lease_now().await?).await
}

async fn find_goal(db: &impl ConnectionTrait, now: Instant) -> Result<Option<Instant>> {
    let lease = leases::find_lease(db, CLOCK).await?;
    Ok(lease.filter(|lease| lease::lasts(lease.expires_at, now)).and_then(|lease| lease.goal_at))
}

async fn under_way(txn: &Txn) -> Result<Rejection> {
    let goal = leases::find_lease(txn, CLOCK).await?.and_then(|lease| lease.goal_at);
    Ok(rejection::advancing(txn.now(), goal.unwrap_or_else(|| txn.now())))
}

/// Checks that one advance may go to `to`.
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

/// A walk through time.
struct Walk<'a> {
    execution: Execution<'a>,
    /// The clock's lease, if each step commits on its own.
    lease: Option<&'a Lease>,
    deadline: Option<tokio::time::Instant>,
}

impl Walk<'_> {
    async fn go(&self, from: Instant, to: Instant) -> Result<Advance> {
        let (mut now, mut ran) = (from, BTreeMap::new());
        while let Some(tick) = self.next_tick(now).await?.filter(|tick| *tick <= to) {
            if !ran.is_empty() && self.is_over() {
                return Ok(Advance { from, to: now, ran: in_order(ran) });
            }
            for task in business_tasks() {
                if self.next_tick_of(task, now).await? == Some(tick) {
                    tally(&mut ran, task, self.run_at(task, tick).await?);
                }
            }
            now = tick;
        }
        self.execution.step(async |txn: &Txn| self.move_clock(txn, to).await).await?;
        Ok(Advance { from, to, ran: in_order(ran) })
    }

    /// Whether the limit of the walk has run out.
    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| tokio::time::Instant::now() >= deadline)
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

    /// The first time of `task` at or after `now` at which it has something due and that it has not run
    /// at; `None` while it is paused.
    async fn next_tick_of(&self, task: &Task, now: Instant) -> Result<Option<Instant>> {
        let (db, policy) = (self.execution.source(), self.execution.policy_at(now));
        let Some(due) = task.next_due(db, &policy.policy, now).await? else { return Ok(None) };
        if store::is_paused(&db, task).await? {
            return Ok(None);
        }
        let ran = store::find_last_occurrence(&db, task).await?;
        let tick = occurrence::at_or_after(task, due.max(now));
        Ok(match (tick, ran) {
            (Some(tick), Some(ran)) if tick <= ran => occurrence::after(task, ran),
            _ => tick,
        })
    }

    /// Moves the clock to `tick` and runs `task` there.
    async fn run_at(&self, task: &'static Task, tick: Instant) -> Result<Counts> {
        self.execution.must_go_on()?;
        let claim = async |txn: &Txn| {
            self.move_clock(txn, tick).await?;
            claim_occurrence(txn, task, TaskTrigger::Cron, tick).await
        };
        let ran = Run::carry_out(self.execution, task, None, claim).await?;
        Ok(ran.map(|(_, counts)| counts).unwrap_or_default())
    }

    /// Moves the clock under its lease.
    async fn move_clock(&self, txn: &Txn, to: Instant) -> Result<()> {
        if let Some(lease) = self.lease {
            lease.must_hold(txn).await?;
        }
        txn.move_clock(to).await
    }
}

fn business_tasks() -> impl Iterator<Item = &'static Task> {
    TASKS.iter().filter(|task| task.time == TaskTime::Business)
}

fn tally(ran: &mut BTreeMap<&'static str, Ran>, task: &'static Task, counts: Counts) {
    let sum = ran.entry(task.name).or_insert(Ran { task, runs: 0, counts: Counts::new() });
    sum.runs += 1;
    for (what, count) in counts {
        *sum.counts.entry(what).or_default() += count;
    }
}

fn in_order(mut ran: BTreeMap<&'static str, Ran>) -> Vec<Ran> {
    TASKS.iter().filter_map(|task| ran.remove(task.name)).collect()
}
