//! Tasks and their runs, for admins and auditors.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::TaskRunOutcome, task_run},
    graphql::{
        kit::{
            context::request,
            errors::top_level,
            mutation::Need,
            page::{PageArgs, Pages},
        },
        schedule::task::{Task, TaskRun, tasks},
    },
    schedule,
    viewer::{Permission, Viewer as Person},
};

/// Tasks and their runs, for admins and auditors.
pub struct OfAdmin<'a>(pub &'a Person);

/// Tasks and their runs, for admins and auditors.
#[Object(name = "AdminSchedule")]
impl OfAdmin<'_> {
    /// All scheduled tasks, a handful, in the order in which they run if they are due at the same instant. For
    /// admins and auditors.
    async fn tasks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Task>> {
        let request = request(ctx);
        Need(Permission::ReadTasks).admit(request).map_err(|no| top_level(request, no.into()))?;
        tasks(request).await.map_err(|error| top_level(request, error))
    }

    /// The runs of tasks, newest first. For admins and auditors.
    async fn task_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only runs of this task.")] task: Option<String>,
        #[graphql(desc = "Only runs with this outcome.")] outcome: Option<TaskRunOutcome>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<TaskRun>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = schedule::store::visible_runs(self.0, task, outcome);
        Ok(page.load(request(ctx), rows, task_run::Column::Id, false, |row| row.id).await?.map(TaskRun))
    }
}
