//! Reports of job posts, the decisions on them, and appeals against removals (J-7).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::ReportReason,
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, Retry, SignedIn, mutate},
            scalars::count,
        },
    },
    idempotency::by_variant,
    input,
    job_posts::{self, Report},
    viewer::Permission::Moderate,
};

/// Input of `reportJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct ReportJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// What is wrong with the job post.
    #[serde(serialize_with = "by_variant")]
    reason: ReportReason,
    /// A comment, at most 2,000 characters.
    #[graphql(default)]
    comment: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `dismissReports`.
#[derive(Debug, InputObject, Serialize)]
pub struct DismissReportsInput {
    /// The job post whose open reports are dismissed.
    job_post_id: IdOf<JobPost>,
    /// The reason, 1 to 1,000 characters; everyone who reported the job post is notified of it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `appealRemoval`.
#[derive(Debug, InputObject, Serialize)]
pub struct AppealRemovalInput {
    /// The removed job post.
    job_post_id: IdOf<JobPost>,
    /// The client's case against the removal, 1 to 2,000 characters.
    text: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `answerAppeal`.
#[derive(Debug, InputObject, Serialize)]
pub struct AnswerAppealInput {
    /// The removed job post.
    job_post_id: IdOf<JobPost>,
    /// The answer, 1 to 2,000 characters; the client is notified of it.
    answer: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `reportJobPost`.
#[derive(SimpleObject)]
pub struct ReportJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `dismissReports`.
#[derive(SimpleObject)]
pub struct DismissReportsPayload {
    /// How many reports were dismissed; null if the request was refused.
    count: Option<i32>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `appealRemoval`.
#[derive(SimpleObject)]
pub struct AppealRemovalPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `answerAppeal`.
#[derive(SimpleObject)]
pub struct AnswerAppealPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to reports and appeals.
#[derive(Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Reports a job post, once per person (J-7). For anyone who is signed in.
    async fn report_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to report, and why.")] input: ReportJobPostInput,
    ) -> Answer<ReportJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, reporter| {
            let comment = input::text("comment", &input.comment, 0, 2_000)?;
            let report = Report { job_post: input.job_post_id.key()?, reason: input.reason, comment };
            job_posts::report(txn, reporter, &report).await?;
            Ok(report.job_post)
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ReportJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Dismisses the open reports of a job post, which stays (J-7). For admins.
    async fn dismiss_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post whose reports to dismiss, and why.")] input: DismissReportsInput,
    ) -> Answer<DismissReportsPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            job_posts::dismiss_reports(txn, admin, input.job_post_id.key()?, &input.reason).await
        });
        let (dismissed, outcome) = done.boxed().await?;
        Ok(DismissReportsPayload { count: dismissed.map(count), outcome })
    }

    /// Appeals, once, against the removal of the viewer's job post (J-7). For its client.
    async fn appeal_removal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The removed job post, and the case against the removal.")]
        input: AppealRemovalInput,
    ) -> Answer<AppealRemovalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            job_posts::appeal(txn, client, input.job_post_id.key()?, &input.text).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(AppealRemovalPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Answers an appeal; the job post stays removed (J-2, J-7). For admins.
    async fn answer_appeal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The removed job post, and the answer.")] input: AnswerAppealInput,
    ) -> Answer<AnswerAppealPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            job_posts::answer_appeal(txn, admin, input.job_post_id.key()?, &input.answer).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(AnswerAppealPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }
}
