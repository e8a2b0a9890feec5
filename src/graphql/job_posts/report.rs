//! Reports of job posts, and removals (J-7).

use async_graphql::{Context, ID, Object};

use crate::{
    clock::Instant,
    entity::{
        enums::{ReportReason, ReportState},
        ids::ReportId,
        job_post_report, removal,
    },
    error::Result,
    graphql::{
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::DateTime,
        },
    },
    job_posts,
};

/// What a person says against a job post (J-7). Visible to that person and to admins.
#[derive(Clone)]
pub struct JobPostReport(pub job_post_report::Model);

impl Kind for JobPostReport {
    type Key = ReportId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = job_posts::store::list_visible_reports(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// What a person says against a job post (J-7). Visible to that person and to admins.
#[Object]
impl JobPostReport {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The job post; null once it is no longer there to see.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        request(ctx).show(VisiblePost(self.0.job_post_id), JobPost).await
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

/// What lists of reports are ordered by.
pub fn order_of(row: &job_post_report::Model) -> (Instant, ReportId) {
    (row.created_at, row.id)
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
