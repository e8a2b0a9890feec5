//! Everything operational, for admins, support and auditors.

use async_graphql::{Context, Object};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::{
    accounts, audit,
    entity::{
        account, audit_entry,
        enums::{AuditAction, ReportState, TaskRunOutcome},
        task_run,
    },
    graphql::{
        accounts::account::Account,
        audit::audit_entry::AuditEntry,
        job_posts::report::{JobPostReport, reports},
        kit::{
            context::request,
            errors::top_level,
            mutation::Need,
            page::{PageArgs, Pages},
        },
        schedule::task::{Task, TaskRun, tasks},
    },
    schedule,
    viewer::{Permission, Viewer},
};

/// Everything operational. For admins; for support and auditors what their roles let them see.
pub struct Admin(pub Viewer);

/// Everything operational. For admins; for support and auditors what their roles let them see.
#[Object]
impl Admin {
    /// The account with this e-mail address.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address, in any case.")] email: String,
    ) -> Option<async_graphql::Result<Account>> {
        let request = request(ctx);
        let email = accounts::rules::typed_email(&email);
        let visible = accounts::store::visible_to(&self.0).filter(account::Column::Email.eq(email));
        match visible.one(request.db.read()).await {
            Ok(row) => row.map(|row| Ok(Account(row))),
            Err(error) => Some(Err(top_level(request, error.into()))),
        }
    }

    /// Who changed roles, money and security, newest first. For admins and auditors.
    #[allow(clippy::too_many_arguments)]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only rows of this action.")] action: Option<AuditAction>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AuditEntry>> {
        use audit_entry::Column::{Action, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let filter = action.map(|action| Action.eq(action));
        let rows = audit::store::visible_to(&self.0).filter(Condition::all().add_option(filter));
        Ok(page.load(request(ctx), rows, Id, false, |row| row.id).await?.map(AuditEntry))
    }

    /// All accounts, oldest first.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Account>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = accounts::store::visible_to(&self.0);
        Ok(page.load(request(ctx), rows, account::Column::Id, true, |row| row.id).await?.map(Account))
    }

    /// Reports of job posts, oldest first (J-7).
    #[allow(clippy::too_many_arguments)]
    async fn job_post_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] state: Option<ReportState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPostReport>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        reports(request(ctx), &self.0, state, page).await
    }

    /// All scheduled tasks, in the order in which those due at one instant run; a handful.
    async fn tasks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Task>> {
        let request = request(ctx);
        Need(Permission::ReadTasks).admit(request).map_err(|no| top_level(request, no.into()))?;
        tasks(request).await.map_err(|error| top_level(request, error))
    }

    /// Runs of tasks, newest first.
    #[allow(clippy::too_many_arguments)]
    async fn task_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only runs of this task.")] task: Option<String>,
        #[graphql(desc = "Only runs that ended so.")] outcome: Option<TaskRunOutcome>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<TaskRun>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let filter = Condition::all()
            .add_option(task.map(|task| task_run::Column::Task.eq(task)))
            .add_option(outcome.map(|o| task_run::Column::Outcome.eq(o)));
        let rows = schedule::store::visible_to(&self.0).filter(filter);
        Ok(page.load(request(ctx), rows, task_run::Column::Id, false, |row| row.id).await?.map(TaskRun))
    }
}
