//! Tasks and their runs.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    clock::wall_now,
    entity::{
        enums::{TaskRunOutcome, TaskTime, TaskTrigger},
        ids::TaskRunId,
        task_run, task_state,
    },
    error::Result,
    graphql::kit::{
        context::{Request, request},
        errors::top_level,
        ids::Kind,
        scalars::{DateTime, int},
    },
    schedule::{self, occurrence},
    viewer::Permission::ReadTasks,
};

/// A count of something that a run did.
#[derive(SimpleObject)]
pub struct TaskCount {
    /// What was counted.
    what: String,
    /// The count.
    count: i32,
}

/// A scheduled task. For admins and auditors.
#[derive(Clone)]
pub struct Task {
    task: &'static schedule::Task,
    state: Option<task_state::Model>,
}

impl Kind for Task {
    type Key = String;

    fn key(&self) -> Self::Key {
        self.task.name.to_owned()
    }

    async fn find(request: &Request, names: &[Self::Key]) -> Result<Vec<Self>> {
        if !request.viewer.as_ref().is_some_and(|viewer| viewer.may(ReadTasks)) {
            return Ok(Vec::new());
        }
        let all = tasks(request).await?.into_iter();
        Ok(all.filter(|task| names.iter().any(|name| name == task.task.name)).collect())
    }
}

/// A scheduled task. For admins and auditors.
#[Object]
impl Task {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The name of the task, such as `monthly-grants`.
    async fn name(&self) -> &'static str {
        self.task.name
    }

    /// When the task is due, as a cron expression in UTC: minute, hour, day of month, month, day of week. An
    /// expression of six parts begins with the second.
    async fn timetable(&self) -> &'static str {
        self.task.timetable
    }

    /// The time that the timetable follows.
    async fn time(&self) -> TaskTime {
        self.task.time
    }

    /// When the task was paused; null if it is not paused.
    async fn paused_since(&self) -> Option<DateTime> {
        self.state.as_ref().and_then(|state| state.paused_at).map(DateTime)
    }

    /// When the task will run next, as things stand; null if it is paused or no run is in sight.
    async fn next_run_at(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        let request = request(ctx);
        if self.state.as_ref().is_some_and(|state| state.paused_at.is_some()) {
            return None;
        }
        let now = if self.task.time == TaskTime::Wall { wall_now() } else { request.now };
        let policy = &request.db.policy_at(request.now).policy;
        match self.task.next_due(request.db.read(), policy, now).await {
            Ok(due) => occurrence::at_or_after(self.task, due?.max(now)).map(|at| Ok(DateTime(at))),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }

    /// The business time of the last run that succeeded; null before the first.
    async fn last_success_at(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        let request = request(ctx);
        match schedule::store::find_last_success(request.db.read(), self.task, request.now).await {
            Ok(at) => at.map(|at| Ok(DateTime(at))),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }
}

/// All tasks, in the order in which they run if they are due at the same instant.
///
/// # Errors
/// A fault of the database.
pub async fn tasks(request: &Request) -> Result<Vec<Task>> {
    let states = schedule::store::list_states(request.db.read()).await?;
    let state = |name| states.iter().find(|state| state.name == name).cloned();
    Ok(schedule::TASKS.iter().map(|task| Task { task, state: state(task.name) }).collect())
}

/// One run of a task. For admins and auditors.
#[derive(Clone)]
pub struct TaskRun(pub task_run::Model);

impl Kind for TaskRun {
    type Key = TaskRunId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = schedule::store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// One run of a task. For admins and auditors.
#[Object]
impl TaskRun {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The name of the task.
    async fn task(&self) -> &str {
        &self.0.task
    }

    /// What triggered the run.
    async fn trigger(&self) -> TaskTrigger {
        self.0.trigger
    }

    /// The occurrence of the timetable that the run is for; for a run outside the timetable, when it was
    /// requested.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// The business time of the run.
    async fn business_now(&self) -> DateTime {
        DateTime(self.0.business_now)
    }

    /// When the run started, by the wall clock.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When the run ended, by the wall clock; null until then.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// The outcome of the run.
    async fn outcome(&self) -> TaskRunOutcome {
        self.0.outcome
    }

    /// What the run did, as counts; a handful at most.
    async fn counts(&self) -> Vec<TaskCount> {
        let counts = self.0.counts.as_object().cloned().unwrap_or_default();
        let count = |(what, count): (String, serde_json::Value)| TaskCount {
            what,
            count: int(count.as_i64().unwrap_or_default()),
        };
        counts.into_iter().map(count).collect()
    }

    /// Why the run failed, as one sentence; null if it did not.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }
}

/// The counts of a run, as a list.
pub fn counts_of(counts: &schedule::Counts) -> Vec<TaskCount> {
    let count = |(what, count): (&&str, &u64)| TaskCount {
        what: (*what).to_owned(),
        count: i32::try_from(*count).unwrap_or(i32::MAX),
    };
    counts.iter().map(count).collect()
}
