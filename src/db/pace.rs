//! The pace of a task on SQLite. Within one process all writes take turns. A process that waits for another one can only
//! ask again and again whether the writer is free, so a task that takes it batch by batch leaves it free for a moment.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;
use tokio::time::sleep;

use super::{Sql, Txn, connect::LOCK_INTERVAL};
use crate::error::{Fault, Result};

/// How long the writer is left free.
const PAUSE: Duration = LOCK_INTERVAL.saturating_mul(3);

/// How often it is left free while no other process writes.
const INTERVAL: Duration = Duration::from_millis(200);

/// When the writer was left free, and the version of the data then. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Pace(Arc<Mutex<(Instant, Option<i64>)>>);

impl Default for Pace {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Instant::now(), None))))
    }
}

impl Pace {
    /// Pauses after a batch that has found the data at `version`, if other processes have written since the last pause,
    /// or have had no chance to for a while.
    pub async fn give_way(&self, version: i64) {
        if self.is_due(Instant::now(), version) {
            sleep(PAUSE).await;
        }
    }

    fn is_due(&self, now: Instant, version: i64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (paused_at, known) = *last;
        let is_due = known != Some(version) || now.duration_since(paused_at) >= INTERVAL;
        if is_due {
            *last = (now, Some(version));
        }
        is_due
    }
}

/// A number that changes with each COMMIT of another process.
pub(super) async fn version(txn: &Txn) -> Result<i64> {
    let row = txn.query_one_raw(Sql::new("PRAGMA data_version").on(txn)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no version of the data".into()))?;
    Ok(row.try_get("", "data_version")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_pauses_when_others_write_and_from_time_to_time() {
        let (pace, begun) = (Pace::default(), Instant::now());
        let after = |ms| begun + Duration::from_millis(ms);
        let is_due = [(0, 7), (10, 7), (20, 8), (30, 8), (219, 8), (220, 8), (221, 8)];
        let is_due = is_due.map(|(ms, version)| pace.is_due(after(ms), version));
        assert_eq!(is_due, [true, false, true, false, false, true, false]);
    }
}
