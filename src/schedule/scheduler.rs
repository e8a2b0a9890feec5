//! The scheduler of a process: it answers the rings for tasks, one at a time.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use super::{runner::Runner, task::Task, tasks::TASKS};
use crate::{
    entity::enums::{ClockKind, TaskTime, TaskTrigger},
    error::{Code, Error, Fault},
};

/// Runs tasks when the alarm rings for them.
#[derive(Clone, Debug)]
pub struct Scheduler {
    runner: Runner,
    rings: mpsc::Sender<&'static Task>,
    heard: Arc<Mutex<mpsc::Receiver<&'static Task>>>,
}

impl Scheduler {
    /// A scheduler that stops when its runner is asked to.
    pub fn new(runner: Runner) -> Self {
        let (rings, heard) = mpsc::channel(64);
        Self { runner, rings, heard: Arc::new(Mutex::new(heard)) }
    }

    /// Rings for a task. A surplus ring is dropped: the next run does all that is due anyway.
    pub fn ring(&self, task: &'static Task) {
        let _ = self.rings.try_send(task);
    }

    /// Catches up on what fell due while no process was running, then answers rings until asked to stop.
    pub async fn serve(&self) {
        for task in tasks_of(self.runner.db.clock()) {
            if self.runner.stop.is_cancelled() {
                return;
            }
            self.answer(task, TaskTrigger::CatchUp).await;
        }
        let mut heard = self.heard.lock().await;
        loop {
            tokio::select! {
                biased;
                () = self.runner.stop.cancelled() => return,
                Some(task) = heard.recv() => self.answer(task, TaskTrigger::Cron).await,
            }
        }
    }

    async fn answer(&self, task: &'static Task, trigger: TaskTrigger) {
        match self.runner.run_due(task, trigger).await {
            Ok(_) => {}
            Err(Error::Fault(Fault::Stopped)) => tracing::info!(task = task.name, "stopped before its end"),
            Err(error) => report(task, &error),
        }
    }
}

fn report(task: &Task, error: &Error) {
    match error {
        Error::Rejected(no) if no.code == Code::ClockImplausible => {
            tracing::error!(task = task.name, "{no}");
        }
        Error::Rejected(_) => tracing::debug!(task = task.name, "runs elsewhere"),
        Error::Fault(fault) => tracing::error!(task = task.name, %fault, "a task failed"),
    }
}

/// The tasks that the alarm rings for: in a sandbox only those that follow the wall clock.
pub(super) fn tasks_of(clock: ClockKind) -> impl Iterator<Item = &'static Task> {
    TASKS.iter().filter(move |task| clock == ClockKind::System || task.time == TaskTime::Wall)
}
