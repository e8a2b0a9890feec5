//! The alarm clock: tokio-cron-scheduler rings, and nothing else.
//!
//! It collapses missed ticks, knows no other process and does not say which tick it rings for, so the
//! runner asks the database what is due.

use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::{Runner, runner::tasks_of};
use crate::{
    entity::enums::ClockKind,
    error::{Fault, Result},
};

/// Rings for each task at its times, until dropped or stopped.
pub struct Alarm(JobScheduler);

impl Alarm {
    /// Sets the alarm for the tasks that follow a clock which moves by itself.
    ///
    /// # Errors
    /// When a timetable cannot be read; a test keeps it from that.
    pub async fn set(runner: &Runner, clock: ClockKind) -> Result<Self> {
        let ringing = async {
            let scheduler = JobScheduler::new().await?;
            for task in tasks_of(clock) {
                let (runner, name) = (runner.clone(), task.name);
                let has_seconds = task.timetable.split(' ').count() == 6;
                let with_seconds = format!("{}{}", if has_seconds { "" } else { "0 " }, task.timetable);
                scheduler.add(Job::new(with_seconds, move |_, _| runner.ring(name))?).await?;
            }
            scheduler.start().await?;
            Ok(Self(scheduler))
        };
        ringing.await.map_err(|e: JobSchedulerError| Fault::Setup(format!("the alarm clock: {e}")).into())
    }

    /// Stops ringing.
    pub async fn stop(mut self) {
        if let Err(error) = self.0.shutdown().await {
            tracing::warn!(%error, "the alarm clock did not stop");
        }
    }
}
