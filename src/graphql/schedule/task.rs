//! Scheduled work, for admins: tasks, runs, run now, pause, resume, and the sandbox clock.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    clock::wall_now,
    db::TASK_REHEARSAL_LIMIT,
    entity::{
        enums::{TaskRunOutcome, TaskTime, TaskTrigger},
        task_run, task_state,
    },
    error::Result,
    graphql::kit::{
        context::{Request, request},
        errors::{UserError, top_level},
        ids::global_id,
        mutation::{Answer, Need, Outcome, Retry, answer, mutate},
        scalars::{DateTime, int},
    },
    schedule::{self, Asked, occurrence},
    viewer::Permission::RunTasks,
};

/// Something that a run did, counted.
#[derive(SimpleObject)]
pub struct TaskCount {
    /// What.
    what: String,
    /// How many.
    count: i32,
}

/// A scheduled task. For admins and auditors.
#[derive(Clone)]
pub struct Task {
    task: &'static schedule::Task,
    state: Option<task_state::Model>,
}

/// A scheduled task. For admins and auditors.
#[Object]
impl Task {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Task", &[&self.task.name])
    }

    /// Its name, such as `monthly-grants`.
    async fn name(&self) -> &'static str {
        self.task.name
    }

    /// When it is woken, as a cron expression in UTC: minute, hour, day of month, month, day of week; with six
    /// parts the first is the second.
    async fn timetable(&self) -> &'static str {
        self.task.timetable
    }

    /// Which time the timetable is in.
    async fn time(&self) -> TaskTime {
        self.task.time
    }

    /// Since when it is paused; null while it is not.
    async fn paused_since(&self) -> Option<DateTime> {
        self.state.as_ref().and_then(|state| state.paused_at).map(DateTime)
    }

    /// When it will run next, as things are; null while it is paused or nothing is in sight.
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

    /// Business time of its last run that succeeded; null before the first.
    async fn last_success_at(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        let request = request(ctx);
        match schedule::store::find_last_success(request.db.read(), self.task, request.now).await {
            Ok(at) => at.map(|at| Ok(DateTime(at))),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }
}

impl Task {
    /// Its name.
    pub fn word(&self) -> &'static str {
        self.task.name
    }
}

/// All tasks, in the order in which those due at one instant run.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tasks(request: &Request) -> Result<Vec<Task>> {
    let states = schedule::store::list_states(request.db.read()).await?;
    let state = |name| states.iter().find(|state| state.name == name).cloned();
    Ok(schedule::TASKS.iter().map(|task| Task { task, state: state(task.name) }).collect())
}

impl Task {
    /// The task, as it is now.
    async fn shown(ctx: &Context<'_>, task: Option<&schedule::Task>) -> Answer<Option<Self>> {
        let (request, Some(task)) = (request(ctx), task) else { return Ok(None) };
        let all = tasks(request).await.map_err(|error| top_level(request, error))?;
        Ok(all.into_iter().find(|shown| shown.task == task))
    }
}

/// One run of a task. For admins and auditors.
#[derive(Clone)]
pub struct TaskRun(pub task_run::Model);

/// One run of a task. For admins and auditors.
#[Object]
impl TaskRun {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("TaskRun", &[&self.0.id])
    }

    /// Name of the task.
    async fn task(&self) -> &str {
        &self.0.task
    }

    /// What set it off.
    async fn trigger(&self) -> TaskTrigger {
        self.0.trigger
    }

    /// The time of the timetable that it stands for; for others when it was asked for.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// The business time it ran at.
    async fn business_now(&self) -> DateTime {
        DateTime(self.0.business_now)
    }

    /// When it started, by the wall clock.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When it ended, by the wall clock; null until then.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// How it ended.
    async fn outcome(&self) -> TaskRunOutcome {
        self.0.outcome
    }

    /// What it did, counted; a handful of lines at most.
    async fn counts(&self) -> Vec<TaskCount> {
        let counts = self.0.counts.as_object().cloned().unwrap_or_default();
        let count = |(what, count): (String, serde_json::Value)| TaskCount {
            what,
            count: int(count.as_i64().unwrap_or_default()),
        };
        counts.into_iter().map(count).collect()
    }

    /// Why it failed, as one sentence; null when it did not.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }
}

/// A task to run now.
#[derive(Debug, InputObject)]
pub struct RunTaskInput {
    /// Its name, such as `monthly-grants`.
    task: String,
    /// Answers what the real run would do, and changes nothing.
    #[graphql(default)]
    dry_run: bool,
}

/// Result of `runTask`.
#[derive(SimpleObject)]
pub struct RunTaskPayload {
    /// The run; null in a dry run and when refused.
    run: Option<TaskRun>,
    /// What it did, or would do, counted; empty when refused.
    counts: Vec<TaskCount>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// A task to pause.
#[derive(Debug, InputObject, Serialize)]
pub struct PauseTaskInput {
    /// Its name, such as `monthly-grants`.
    task: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A task to resume.
#[derive(Debug, InputObject, Serialize)]
pub struct ResumeTaskInput {
    /// Its name, such as `monthly-grants`.
    task: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `pauseTask`.
#[derive(SimpleObject)]
pub struct PauseTaskPayload {
    /// The task; null when refused.
    task: Option<Task>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `resumeTask`.
#[derive(SimpleObject)]
pub struct ResumeTaskPayload {
    /// The task; null when refused.
    task: Option<Task>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Where to advance the clock to.
#[derive(Debug, InputObject)]
pub struct AdvanceClockInput {
    /// The instant; not before the one that the clock stands at, and at most ten years later (policy).
    to: DateTime,
    /// Answers what the real advance would do, and changes nothing; far ones take too long for it.
    #[graphql(default)]
    dry_run: bool,
}

/// What ran of one task while the clock was advanced.
#[derive(SimpleObject)]
pub struct AdvancedTask {
    /// Name of the task.
    task: String,
    /// How many times it ran.
    runs: i32,
    /// What it did in all, counted.
    counts: Vec<TaskCount>,
}

/// Result of `advanceClock`.
#[derive(SimpleObject)]
pub struct AdvanceClockPayload {
    /// Where the clock stood; null when refused.
    from: Option<DateTime>,
    /// Where it stands, or would; null when refused. It lies before the instant that was asked for when the time
    /// limit of requests came first: ask again for that instant to go on from here.
    to: Option<DateTime>,
    /// What ran, one line a task.
    ran: Vec<AdvancedTask>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Scheduled work under an admin's hand.
#[derive(Default)]
pub struct TaskMutation;

#[Object]
impl TaskMutation {
    /// Runs a task now: it does all that is due, and doing it again does nothing more, so it needs no
    /// idempotency key. For admins.
    async fn run_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: RunTaskInput,
    ) -> Answer<RunTaskPayload> {
        let (done, user_errors) = answer(ctx, run(request(ctx), &input).await)?;
        let (run, counts) = done.unwrap_or_default();
        Ok(RunTaskPayload { run, counts, user_errors })
    }

    /// Pauses a task: neither its timetable nor an advance of the clock runs it. For admins.
    async fn pause_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: PauseTaskInput,
    ) -> Answer<PauseTaskPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(RunTasks), async |txn, admin| {
            schedule::pause(txn, admin, schedule::Task::find(&input.task)?).await
        });
        let (paused, outcome) = done.await?;
        let task = paused.and_then(|()| schedule::Task::find(&input.task).ok());
        Ok(PauseTaskPayload { task: Task::shown(ctx, task).await?, outcome })
    }

    /// Resumes a paused task; its next run does all that fell due meanwhile. For admins.
    async fn resume_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: ResumeTaskInput,
    ) -> Answer<ResumeTaskPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(RunTasks), async |txn, admin| {
            schedule::resume(txn, admin, schedule::Task::find(&input.task)?).await
        });
        let (resumed, outcome) = done.await?;
        let task = resumed.and_then(|()| schedule::Task::find(&input.task).ok());
        Ok(ResumeTaskPayload { task: Task::shown(ctx, task).await?, outcome })
    }

    /// Advances the sandbox clock: all tasks run in due order, as they would have, for as long as a request
    /// may take; `to` says how far it came. Asking for the same instant again goes on, and does nothing more once
    /// it is reached, so it needs no idempotency key. For admins of a sandbox.
    async fn advance_clock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: AdvanceClockInput,
    ) -> Answer<AdvanceClockPayload> {
        let done = advance(request(ctx), &input).await;
        let (done, user_errors) = answer(ctx, done)?;
        let (from, to) = done.as_ref().map(|done| (DateTime(done.from), DateTime(done.to))).unzip();
        let ran = done.map(|done| done.ran.into_iter().map(AdvancedTask::from).collect());
        Ok(AdvanceClockPayload { from, to, ran: ran.unwrap_or_default(), user_errors })
    }
}

impl From<schedule::Ran> for AdvancedTask {
    fn from(ran: schedule::Ran) -> Self {
        let task = ran.task.name.to_owned();
        Self { task, runs: i32::try_from(ran.runs).unwrap_or(i32::MAX), counts: counts_of(&ran.counts) }
    }
}

async fn run(request: &Request, input: &RunTaskInput) -> Result<(Option<TaskRun>, Vec<TaskCount>)> {
    let actor = Need(RunTasks).admit(request)?;
    let task = schedule::Task::find(&input.task)?;
    if input.dry_run {
        let counts = schedule::dry_run(&request.db, task, None, TASK_REHEARSAL_LIMIT).await?;
        return Ok((None, counts_of(&counts)));
    }
    let asked = Asked { trigger: TaskTrigger::Manual, actor: Some(actor.id()), as_of: None };
    let (run, counts) = request.runner.run_now(task, asked).await?;
    Ok((Some(TaskRun(run)), counts_of(&counts)))
}

async fn advance(request: &Request, input: &AdvanceClockInput) -> Result<schedule::Advance> {
    let actor = Need(RunTasks).admit(request)?;
    if input.dry_run {
        schedule::dry_run_advance(&request.db, input.to.0, TASK_REHEARSAL_LIMIT).await
    } else {
        request.runner.advance_by(actor, input.to.0, request.patience).await
    }
}

fn counts_of(counts: &schedule::Counts) -> Vec<TaskCount> {
    let count = |(what, count): (&&str, &u64)| TaskCount {
        what: (*what).to_owned(),
        count: i32::try_from(*count).unwrap_or(i32::MAX),
    };
    counts.iter().map(count).collect()
}
