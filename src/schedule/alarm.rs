//! The alarm clock: tokio-cron-scheduler only rings.
//!
//! It collapses missed ticks, does not know other processes and does not say which tick it rings for, so the runner
//! asks the database what is due. It compares the machine's clock with the instant of its next tick, so it stays silent
//! after the clock is set back; therefore each task also has a bell that follows the monotonic clock. So a task is rung
//! for at its times, and at most one interval late whatever the clock does.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::{
    occurrence,
    scheduler::{Scheduler, tasks_of},
    task::Task,
};
use crate::{
    clock::Instant,
    entity::enums::ClockKind,
    error::{Fault, Result},
};

/// Rings for each task at its times, until dropped or stopped.
pub struct Alarm {
    scheduler: JobScheduler,
    bells: JoinSet<()>,
}

impl Alarm {
    /// Sets the alarm for the tasks whose clock moves by itself.
    ///
    /// # Errors
    /// A fault when a timetable is invalid; a test prevents that.
    pub async fn set(scheduler: &Scheduler, clock: ClockKind) -> Result<Self> {
        let scheduler = scheduler.clone();
        let set = Self::ringing(tasks_of(clock), move |task| scheduler.ring(task));
        set.await.map_err(|e: JobSchedulerError| Fault::Setup(format!("the alarm clock: {e}")).into())
    }

    async fn ringing(
        tasks: impl Iterator<Item = &'static Task>,
        ring: impl Fn(&'static Task) + Clone + Send + Sync + 'static,
    ) -> Result<Self, JobSchedulerError> {
        let (scheduler, mut bells) = (JobScheduler::new().await?, JoinSet::new());
        for task in tasks {
            let by_cron = ring.clone();
            let has_seconds = task.timetable.split(' ').count() == 6;
            let with_seconds = format!("{}{}", if has_seconds { "" } else { "0 " }, task.timetable);
            scheduler.add(Job::new(with_seconds, move |_, _| by_cron(task))?).await?;
            bells.spawn(toll(interval_of(task), task, ring.clone()));
        }
        scheduler.start().await?;
        Ok(Self { scheduler, bells })
    }

    /// Stops ringing.
    pub async fn stop(mut self) {
        self.bells.abort_all();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the alarm clock did not stop");
        }
    }
}

/// Rings every `interval` by the monotonic clock.
async fn toll(interval: Duration, task: &'static Task, ring: impl Fn(&'static Task)) {
    loop {
        tokio::time::sleep(interval).await;
        ring(task);
    }
}

/// The time between two times of the timetable; all of ours are evenly spaced.
fn interval_of(task: &Task) -> Duration {
    let first = occurrence::after(task, Instant::UNIX_EPOCH);
    let second = first.and_then(|first| occurrence::after(task, first));
    let apart = first.zip(second).and_then(|(first, second)| (second - first).to_std().ok());
    apart.unwrap_or(Duration::from_secs(3_600))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schedule::TASKS;

    #[test]
    fn q_2_the_times_of_each_timetable_are_evenly_spaced() {
        let day = "2026-03-28T22:00:00Z".parse().unwrap();
        for task in TASKS {
            let mut at = occurrence::after(task, day).unwrap();
            for _ in 0..50 {
                let next = occurrence::after(task, at).unwrap();
                assert_eq!((next - at).to_std().unwrap(), interval_of(task), "{}", task.name);
                at = next;
            }
        }
    }

    /// Tokio's time runs ahead here while the machine's clock stands still, as one does that was set back.
    #[tokio::test(start_paused = true)]
    async fn q_2_each_task_is_rung_for_within_one_interval_whatever_the_machines_clock_does() {
        let (rung, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let alarm = Alarm::ringing(TASKS.iter(), move |task| _ = rung.send(task)).await.unwrap();
        let begun = tokio::time::Instant::now();
        let mut missing: BTreeSet<_> = TASKS.iter().map(|task| task.name).collect();
        while !missing.is_empty() {
            let task = heard.recv().await.unwrap();
            if missing.remove(task.name) {
                assert!(begun.elapsed() <= interval_of(task) + Duration::from_secs(1), "{task:?}");
            }
        }
        alarm.stop().await;
    }
}
