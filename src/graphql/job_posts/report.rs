//! Reports of job posts, and removals (J-7).

use async_graphql::{Context, ID, Object};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::{
    entity::{
        enums::{ReportReason, ReportState},
        job_post_report, removal,
    },
    graphql::{
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::{Request, request},
            ids::global_id,
            page::{Page, Pages},
            scalars::DateTime,
        },
    },
    job_posts,
    viewer::Viewer,
};

/// What a person says against a job post (J-7). Visible to that person and to admins.
#[derive(Clone)]
pub struct JobPostReport(pub job_post_report::Model);

/// What a person says against a job post (J-7). Visible to that person and to admins.
#[Object]
impl JobPostReport {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("JobPostReport", &[&self.0.id])
    }

    /// The job post; null once it is no longer there to see.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        let request = request(ctx);
        match request.loaders.load_one(VisiblePost(self.0.job_post_id)).await {
            Ok(post) => post.map(|post| Ok(JobPost(post))),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }

    /// What is wrong with it.
    async fn reason(&self) -> ReportReason {
        self.0.reason
    }

    /// More words; empty when there are none.
    async fn comment(&self) -> &str {
        &self.0.comment
    }

    /// Where it stands.
    async fn state(&self) -> ReportState {
        self.0.state
    }

    /// Why it was decided so; null until then.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// The reports that `viewer` may see, oldest first.
pub(in crate::graphql) async fn reports(
    request: &Request,
    viewer: &Viewer,
    state: Option<ReportState>,
    page: Page,
) -> async_graphql::Result<Pages<JobPostReport>> {
    use job_post_report::Column::{CreatedAt, Id, State};
    let filter = Condition::all().add_option(state.map(|state| State.eq(state)));
    let rows = job_posts::store::reports_visible_to(viewer).filter(filter);
    let key = |row: &job_post_report::Model| (row.created_at, row.id);
    Ok(page.load(request, rows, (CreatedAt, Id), true, key).await?.map(JobPostReport))
}

/// Why a job post was taken down, and what its client says to that (J-7).
pub struct Removal(pub removal::Model);

/// Why a job post was taken down, and what its client says to that (J-7).
#[Object]
impl Removal {
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When.
    async fn removed_at(&self) -> DateTime {
        DateTime(self.0.removed_at)
    }

    /// What the client says against it; null until then.
    async fn appeal(&self) -> Option<&str> {
        self.0.appeal.as_deref()
    }

    /// What the client was answered; null until then.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
}
