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

/// A person's report of a job post (J-7). Visible to that person, admins and auditors.
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

/// A person's report of a job post (J-7). Visible to that person, admins and auditors.
#[Object]
impl JobPostReport {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The job post; null if the viewer can no longer see it.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        request(ctx).show(VisiblePost(self.0.job_post_id), JobPost).await
    }

    /// What is wrong with the job post.
    async fn reason(&self) -> ReportReason {
        self.0.reason
    }

    /// The person's comment; empty if they made none.
    async fn comment(&self) -> &str {
        &self.0.comment
    }

    /// The state of the report.
    async fn state(&self) -> ReportState {
        self.0.state
    }

    /// The reason for the decision; null until the report is decided.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }

    /// When the report was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

/// The columns by which lists of reports are ordered.
pub fn order_of(row: &job_post_report::Model) -> (Instant, ReportId) {
    (row.created_at, row.id)
}

/// The removal of a job post, and the client's appeal against it (J-7).
pub struct Removal(pub removal::Model);

/// The removal of a job post, and the client's appeal against it (J-7).
#[Object]
impl Removal {
    /// The reason for the removal.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When the job post was removed.
    async fn removed_at(&self) -> DateTime {
        DateTime(self.0.removed_at)
    }

    /// The client's appeal; null if there is none.
    async fn appeal(&self) -> Option<&str> {
        self.0.appeal.as_deref()
    }

    /// The answer to the appeal; null until the appeal is answered.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
}
