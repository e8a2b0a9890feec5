//! Changes to scheduled work, for admins: run a task, pause or resume it, advance the sandbox clock.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    db::TASK_REHEARSAL_LIMIT,
    entity::enums::TaskTrigger,
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            errors::UserError,
            ids::Kind,
            mutation::{Answer, Need, Outcome, Retry, answer, mutate},
            scalars::DateTime,
        },
        schedule::task::{Task, TaskCount, TaskRun, counts_of},
    },
    schedule::{self, Asked},
    viewer::Permission::RunTasks,
};

/// Input of `runTask`.
#[derive(Debug, InputObject)]
pub struct RunTaskInput {
    /// The name of the task, such as `monthly-grants`.
    task: String,
    /// Whether this is a dry run, which answers what the real run would do but changes nothing.
    #[graphql(default)]
    dry_run: bool,
}

/// Result of `runTask`.
#[derive(SimpleObject)]
pub struct RunTaskPayload {
    /// The run; null in a dry run, or if the request was refused.
    run: Option<TaskRun>,
    /// What the run did, or would do, as counts; empty if the request was refused.
    counts: Vec<TaskCount>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Input of `pauseTask`.
#[derive(Debug, InputObject, Serialize)]
pub struct PauseTaskInput {
    /// The name of the task, such as `monthly-grants`.
    task: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `resumeTask`.
#[derive(Debug, InputObject, Serialize)]
pub struct ResumeTaskInput {
    /// The name of the task, such as `monthly-grants`.
    task: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `pauseTask`.
#[derive(SimpleObject)]
pub struct PauseTaskPayload {
    /// The task; null if the request was refused.
    task: Option<Task>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `resumeTask`.
#[derive(SimpleObject)]
pub struct ResumeTaskPayload {
    /// The task; null if the request was refused.
    task: Option<Task>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `advanceClock`.
#[derive(Debug, InputObject)]
pub struct AdvanceClockInput {
    /// The instant to advance to; not before the time that the clock shows, and at most ten years after it
    /// (policy).
    to: DateTime,
    /// Whether this is a dry run, which answers what the real advance would do but changes nothing. A long
    /// advance takes too long to rehearse.
    #[graphql(default)]
    dry_run: bool,
}

/// The runs of one task while the clock was advanced.
#[derive(SimpleObject)]
pub struct AdvancedTask {
    /// The name of the task.
    task: String,
    /// How many times the task ran.
    runs: i32,
    /// What all these runs did, as counts.
    counts: Vec<TaskCount>,
}

/// Result of `advanceClock`.
#[derive(SimpleObject)]
pub struct AdvanceClockPayload {
    /// The time that the clock showed before the advance; null if the request was refused.
    from: Option<DateTime>,
    /// The time that the clock shows now, or would show after a dry run; null if the request was refused. It is
    /// before the requested instant if the time limit of requests ended the advance: repeat the request with
    /// the same instant to continue.
    to: Option<DateTime>,
    /// The tasks that ran, one item for each.
    ran: Vec<AdvancedTask>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Changes to scheduled work.
#[derive(Default)]
pub struct TaskMutation;

#[Object]
impl TaskMutation {
    /// Runs a task now. The run does everything that is due; running the task again does nothing more, so it
    /// needs no idempotency key. For admins.
    async fn run_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name of the task.")] input: RunTaskInput,
    ) -> Answer<RunTaskPayload> {
        let (done, user_errors) = answer(ctx, run(request(ctx), &input)).await?;
        let (run, counts) = done.unwrap_or_default();
        Ok(RunTaskPayload { run, counts, user_errors })
    }

    /// Pauses a task. Until it is resumed, neither its timetable nor an advance of the clock runs it. For
    /// admins.
    async fn pause_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name of the task.")] input: PauseTaskInput,
    ) -> Answer<PauseTaskPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(RunTasks), async |txn, admin| {
            schedule::pause(txn, admin, schedule::Task::find(&input.task)?).await
        });
        let (paused, outcome) = done.boxed().await?;
        let task = paused.map(|()| input.task.clone());
        Ok(PauseTaskPayload { task: Task::visible(ctx, task).await?, outcome })
    }

    /// Resumes a paused task. Its next run does everything that fell due meanwhile. For admins.
    async fn resume_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name of the task.")] input: ResumeTaskInput,
    ) -> Answer<ResumeTaskPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(RunTasks), async |txn, admin| {
            schedule::resume(txn, admin, schedule::Task::find(&input.task)?).await
        });
        let (resumed, outcome) = done.boxed().await?;
        let task = resumed.map(|()| input.task.clone());
        Ok(ResumeTaskPayload { task: Task::visible(ctx, task).await?, outcome })
    }

    /// Advances the sandbox clock. All tasks run in due order, as they would have in that time, for as
    /// long as a request may take; `to` is how far the clock came. Repeating the request with the same instant
    /// continues, and does nothing more once the clock is there, so it needs no idempotency key. For admins of
    /// a sandbox.
    async fn advance_clock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant to advance to.")] input: AdvanceClockInput,
    ) -> Answer<AdvanceClockPayload> {
        let (done, user_errors) = answer(ctx, advance(request(ctx), &input)).await?;
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
