//! Deletes old idempotency keys, run records, events of payment providers, and what signing in leaves behind.

use chrono::TimeDelta;

use crate::{
    accounts,
    clock::Instant,
    db::Txn,
    error::Result,
    idempotency, payments,
    schedule::store,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

/// How long run records are kept; the last success of each task is kept forever.
const RUNS_KEPT: TimeDelta = TimeDelta::days(90);

/// How long idempotency keys are kept.
const KEYS_KEPT: TimeDelta = TimeDelta::days(idempotency::RETENTION_DAYS);

/// How long events of payment providers are kept; their signatures are only taken for minutes.
const EVENTS_KEPT: TimeDelta = TimeDelta::days(30);

/// Rows of one transaction.
const ROWS_AT_ONCE: u64 = 5_000;

#[derive(Debug)]
pub struct Housekeeping;

#[async_trait::async_trait]
impl Work for Housekeeping {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let keys = idempotency::find_oldest(&outlook.db).await?.map(|at| at + KEYS_KEPT);
        let runs = store::find_oldest_run(&outlook.db).await?.map(|at| at + RUNS_KEPT);
        let stale = accounts::store::find_stale_since(&outlook.db).await?;
        let events = payments::store::find_oldest_event(&outlook.db).await?.map(|at| at + EVENTS_KEPT);
        Ok([keys, runs, stale, events].into_iter().flatten().min())
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let now = run.batch(Txn::wall_now).await?;
        let mut counts = Counts::from([("keys", 0), ("runs", 0), ("stale", 0), ("events", 0)]);
        loop {
            let keys = async |txn: &Txn| idempotency::sweep_old(txn, now - KEYS_KEPT, ROWS_AT_ONCE).await;
            let runs = async |txn: &Txn| store::sweep_runs(txn, now - RUNS_KEPT, ROWS_AT_ONCE).await;
            let stale = async |txn: &Txn| accounts::store::sweep_stale(txn, now, ROWS_AT_ONCE).await;
            let events =
                async |txn: &Txn| payments::store::sweep_events(txn, now - EVENTS_KEPT, ROWS_AT_ONCE).await;
            let swept = [
                ("keys", run.batch(keys).await?),
                ("runs", run.batch(runs).await?),
                ("stale", run.batch(stale).await?),
                ("events", run.batch(events).await?),
            ];
            for (what, rows) in swept {
                *counts.entry(what).or_default() += rows;
            }
            if swept.iter().all(|(_, rows)| *rows == 0) {
                return Ok(counts);
            }
        }
    }
}
