//! The pace of a task on SQLite, which takes the only writer batch by batch: it leaves it free for a moment when others
//! want it. Within one process all writes take turns, but those that come in the moment after a batch would find that
//! the next one has begun. A process that waits for another one can only ask again and again whether the writer is free.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::sleep;

/// How long a process that waits for another one waits before it asks for the writer again.
pub(super) const LOCK_INTERVAL: Duration = Duration::from_millis(1);

/// How long the writer is left free.
const PAUSE: Duration = LOCK_INTERVAL.saturating_mul(3);

/// How often it is left free while no other process writes.
const INTERVAL: Duration = Duration::from_millis(200);

/// For how long others are expected to write again.
const MEMORY: Duration = Duration::from_secs(1);

/// What a task knows of others. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Pace(Arc<Mutex<Known>>);

#[derive(Debug)]
struct Known {
    paused_at: Instant,
    /// The version of the data that the last batch found.
    version: Option<i64>,
    /// When others have written last, as far as is known.
    others_at: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Known { paused_at: Instant::now(), version: None, others_at: None })))
    }
}

impl Pace {
    /// Notes that somebody in this process had to wait for the writer.
    pub fn note_other(&self) {
        self.known().others_at = Some(Instant::now());
    }

    /// How many of at most `rows` a batch takes: a tenth while others write, otherwise half, so that those who come find
    /// the writer soon.
    pub fn at_once(&self, rows: u64) -> u64 {
        let others_at = self.known().others_at;
        if others_at.is_some_and(|at| at.elapsed() < MEMORY) { rows.div_ceil(10) } else { rows.div_ceil(2) }
    }

    /// Pauses after a batch that has found the data at `version`, if others have written since the last pause, or other
    /// processes have had no chance to for a while.
    pub async fn give_way(&self, version: i64) {
        if self.is_due(Instant::now(), version) {
            sleep(PAUSE).await;
        }
    }

    fn is_due(&self, now: Instant, version: i64) -> bool {
        let mut known = self.known();
        let has_changed = known.version.is_some_and(|before| before != version);
        let has_others = has_changed || known.others_at.is_some_and(|at| at > known.paused_at);
        let is_due = has_others || now.duration_since(known.paused_at) >= INTERVAL;
        known.version = Some(version);
        if has_changed {
            known.others_at = Some(now);
        }
        if is_due {
            known.paused_at = now;
        }
        is_due
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_pauses_when_others_write_and_from_time_to_time() {
        let (pace, begun) = (Pace::default(), Instant::now());
        let after = |ms| begun + Duration::from_millis(ms);
        let is_due = [(10, 7), (20, 7), (30, 8), (40, 8), (229, 8), (230, 8), (231, 8)];
        let is_due = is_due.map(|(ms, version)| pace.is_due(after(ms), version));
        assert_eq!(is_due, [false, false, true, false, false, true, false]);
    }

    #[test]
    fn a_task_takes_less_at_once_while_others_write() {
        let pace = Pace::default();
        assert_eq!(pace.at_once(5_000), 2_500);
        pace.note_other();
        assert_eq!(pace.at_once(5_000), 500);
        assert!(pace.is_due(Instant::now(), 7));
    }
}
