//! Moving sandbox time forward: all tasks run in due order, as they would have.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use super::{
    TASKS, Task, TaskName, Time, batches::Batches, lease::Lease, occurrence, rejection, runner, store,
};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    error::{Fault, Result},
};

/// The name of the clock's lease.
const CLOCK: &str = "clock";

/// What an advance did.
#[derive(Clone, Debug)]
pub struct Advance {
    /// Where the time stood.
    pub from: Instant,
    /// Where it stands.
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
    pub counts: BTreeMap<String, u64>,
}

/// Moves sandbox time to `to`, tick by tick: each jump goes to the first time of a timetable at which
/// a task has something due, and runs what is due there. Killed half way, the next advance goes on
/// where it stood.
///
/// # Errors
/// `NOT_A_SANDBOX`, `CLOCK_NOT_FORWARD`, `BUSY` while another advance runs; what stopped a task.
pub async fn advance(db: &Database, to: Instant, stop: &CancellationToken) -> Result<Advance> {
    let take = async |txn: &Txn| {
        txn.may_move_clock(to)?;
        Lease::take(db, txn, CLOCK).await?.ok_or_else(|| rejection::busy("An advance of the clock").into())
    };
    let lease = db.write(take).await?;
    let from = db.now().await?;
    let walked = walk(db, from, to, &lease, stop).await;
    db.write(async |txn| lease.release(txn).await).await?;
    Ok(Advance { from, to, ran: walked? })
}

async fn walk(
    db: &Database,
    from: Instant,
    to: Instant,
    lease: &Lease,
    stop: &CancellationToken,
) -> Result<Vec<Ran>> {
    let mut ran: BTreeMap<TaskName, Ran> = BTreeMap::new();
    let mut now = from;
    while let Some(tick) = next_tick(db, now).await?.filter(|tick| *tick <= to) {
        for task in business_tasks() {
            if next_tick_of(db, task, now).await? == Some(tick) {
                let counts = run_at(db, task.name, tick, lease, stop).await?;
                tally(&mut ran, task.name, counts);
            }
        }
        now = tick;
    }
    db.write(async |txn| {
        lease.must_hold(txn).await?;
        txn.move_clock(to).await
    })
    .await?;
    Ok(ran.into_values().collect())
}

fn business_tasks() -> impl Iterator<Item = &'static Task> {
    TASKS.iter().filter(|task| task.time == Time::Business)
}

/// The earliest time at or after `now` at which a task has something due.
async fn next_tick(db: &Database, now: Instant) -> Result<Option<Instant>> {
    let mut earliest = None;
    for task in business_tasks() {
        let tick = next_tick_of(db, task, now).await?;
        earliest = [earliest, tick].into_iter().flatten().min();
    }
    Ok(earliest)
}

/// The first time of `task` at or after `now` at which it has something due and that it has not run
/// at; `None` while it is paused.
async fn next_tick_of(db: &Database, task: &Task, now: Instant) -> Result<Option<Instant>> {
    let Some(due) = task.name.next_due(db).await? else { return Ok(None) };
    if store::is_paused(db.read(), task.name).await? {
        return Ok(None);
    }
    let ran = store::find_last_occurrence(db.read(), task.name).await?;
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
) -> Result<BTreeMap<&'static str, u64>> {
    if stop.is_cancelled() {
        return Err(Fault::Stopped.into());
    }
    let claim = async |txn: &Txn| {
        clock.must_hold(txn).await?;
        let lease = Lease::take(db, txn, task.as_str()).await?.ok_or_else(|| rejection::busy(task.as_str()))?;
        txn.move_clock(tick).await?;
        let run = runner::claim_occurrence(txn, task, tick).await?;
        Ok((lease, run))
    };
    let (lease, run) = db.write(claim).await?;
    let Some(run) = run else { return Ok(BTreeMap::new()) };
    let outcome = runner::guarded(task, &mut Batches::Real { db, lease: &lease, stop }).await;
    db.write(async |txn| {
        lease.release(txn).await?;
        runner::record(txn, run, &outcome).await
    })
    .await?;
    outcome
}

fn tally(ran: &mut BTreeMap<TaskName, Ran>, task: TaskName, counts: BTreeMap<&'static str, u64>) {
    let sum = ran.entry(task).or_insert(Ran { task, runs: 0, counts: BTreeMap::new() });
    sum.runs += 1;
    for (what, count) in counts {
        *sum.counts.entry(what.to_owned()).or_default() += count;
    }
}
