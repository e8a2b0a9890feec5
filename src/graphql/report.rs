//! Reports of job posts, removals and appeals (J-7).

use async_graphql::{Context, ID, Object};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::{
    context::{Request, request},
    error::payload,
    job_post::JobPost,
    job_post_mutation::{person_and_post, written},
    loaders::VisiblePost,
    node::{global_id, input_id},
    page::{Page, Pages},
    payload::{inputs, payloads},
    scalars::{DateTime, int},
};
use crate::{
    db::Txn,
    entity::{
        enums::{ReportReason, ReportState},
        job_post_report, removal,
    },
    idempotency::by_variant,
    input,
    job_posts::{self, Report},
    viewer::{Permission, Viewer},
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
pub(super) async fn reports(
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

inputs! {
    /// A job post to report.
    ReportJobPostInput {
        /// The job post.
        job_post_id: ID,
        /// What is wrong with it.
        #[serde(serialize_with = "by_variant")]
        reason: ReportReason,
        /// More words, at most 2,000 characters.
        #[graphql(default)]
        comment: String,
    }

    /// Reports to dismiss.
    DismissReportsInput {
        /// The job post, which stays.
        job_post_id: ID,
        /// Why, 1 to 1,000 characters; those who reported it are told.
        reason: String,
    }

    /// A removal to appeal against.
    AppealRemovalInput {
        /// The job post that was taken down.
        job_post_id: ID,
        /// What speaks against it, 1 to 2,000 characters.
        text: String,
    }

    /// An appeal to answer.
    AnswerAppealInput {
        /// The job post that was taken down.
        job_post_id: ID,
        /// The answer, 1 to 2,000 characters; the client is told.
        answer: String,
    }
}

payloads! {
    /// What became of a report.
    ReportJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of a dismissal.
    DismissReportsPayload {
        /// How many reports were dismissed, unless refused.
        count: i32,
    }

    /// What became of an appeal.
    AppealRemovalPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of an answer.
    AnswerAppealPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }
}

/// Changes to reports and appeals.
#[derive(Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Reports a job post, once per person (J-7). For anyone signed in.
    async fn report_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to report.")] input: ReportJobPostInput,
    ) -> async_graphql::Result<ReportJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let (reporter, job_post) = person_and_post(request, &input.job_post_id)?;
            let comment = input::text("input.comment", &input.comment, 0, 2_000)?;
            let report = Report { job_post, reason: input.reason, comment };
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let write = async |txn: &Txn| {
                job_posts::report(txn, &reporter, &report).await?;
                Ok(job_post)
            };
            written(request, "reportJobPost", key, &input, write).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => ReportJobPostPayload::done(post, replayed),
            Err(refused) => ReportJobPostPayload::refused(refused),
        })
    }

    /// Decides that a job post stays: its open reports are dismissed (J-7). For admins.
    async fn dismiss_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to dismiss.")] input: DismissReportsInput,
    ) -> async_graphql::Result<DismissReportsPayload> {
        let request = request(ctx);
        let work = async {
            let admin = request.must(Permission::Moderate)?.clone();
            let id = input_id("JobPost", &input.job_post_id, "input.jobPostId")?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let dismiss = async |txn: &Txn| job_posts::dismiss_reports(txn, &admin, id, &input.reason).await;
            request.write_once("dismissReports", key, &input, dismiss).await
        };
        Ok(match payload(request, work.await)? {
            Ok((count, replayed)) => {
                DismissReportsPayload::done(Some(int(i64::try_from(count).unwrap_or(i64::MAX))), replayed)
            }
            Err(refused) => DismissReportsPayload::refused(refused),
        })
    }

    /// Says once what speaks against the removal of one's job post (J-7). For its client.
    async fn appeal_removal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to appeal against.")] input: AppealRemovalInput,
    ) -> async_graphql::Result<AppealRemovalPayload> {
        let request = request(ctx);
        let work = async {
            let (client, id) = person_and_post(request, &input.job_post_id)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let appeal = async |txn: &Txn| job_posts::appeal(txn, &client, id, &input.text).await;
            written(request, "appealRemoval", key, &input, appeal).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => AppealRemovalPayload::done(post, replayed),
            Err(refused) => AppealRemovalPayload::refused(refused),
        })
    }

    /// Answers an appeal; the job post stays removed (J-2, J-7). For admins.
    async fn answer_appeal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to answer.")] input: AnswerAppealInput,
    ) -> async_graphql::Result<AnswerAppealPayload> {
        let request = request(ctx);
        let work = async {
            let admin = request.must(Permission::Moderate)?.clone();
            let id = input_id("JobPost", &input.job_post_id, "input.jobPostId")?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let answer = async |txn: &Txn| job_posts::answer_appeal(txn, &admin, id, &input.answer).await;
            written(request, "answerAppeal", key, &input, answer).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => AnswerAppealPayload::done(post, replayed),
            Err(refused) => AnswerAppealPayload::refused(refused),
        })
    }
}
