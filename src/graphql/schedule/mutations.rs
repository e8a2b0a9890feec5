//! Changes to scheduled work, for admins: run now, pause, resume, and advance the sandbox clock.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    db::TASK_REHEARSAL_LIMIT,
    entity::enums::TaskTrigger,
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            errors::UserError,
            mutation::{Answer, Need, Outcome, Retry, answer, mutate},
            scalars::DateTime,
        },
        schedule::task::{Task, TaskCount, TaskRun, counts_of},
    },
    schedule::{self, Asked},
    viewer::Permission::RunTasks,
};

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
