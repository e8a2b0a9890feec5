//! Reporting job posts, deciding reports, appealing against removals (J-7).

use async_graphql::{Context, ID, Object};

use crate::{
    db::Txn,
    entity::enums::ReportReason,
    graphql::{
        job_posts::{
            job_post::JobPost,
            mutations::{person_and_post, written},
        },
        kit::{
            context::request,
            errors::payload,
            ids::input_id,
            mutation::{inputs, payloads},
            scalars::int,
        },
    },
    idempotency::by_variant,
    input,
    job_posts::{self, Report},
    viewer::Permission,
};

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
