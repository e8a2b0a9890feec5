//! Changes to job posts: create, publish, update, cancel, set free, remove.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    closing,
    entity::enums::{ExperienceLevel, JobCategory, JobPayment, JobVisibility},
    error::Result,
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
    },
    idempotency::{by_variant, by_variant_or_null},
    input,
    job_posts::{
        self, Draft,
        rules::{self, Content, Origin, Terms},
    },
    viewer::Permission::Moderate,
};

/// The content of a job post, as its client writes it (J-1).
#[derive(Debug, InputObject, Serialize)]
pub struct JobPostContent {
    /// The title, one line of 1 to 300 characters. Character limits, here and in all other texts, count visible
    /// characters only.
    title: String,
    /// The description, 1 to 10,000 characters.
    description: String,
    /// The top-level category.
    #[serde(serialize_with = "by_variant")]
    category: JobCategory,
    /// The subcategory, one line of 1 to 100 characters.
    subcategory: Option<String>,
    /// The skills that the job requires: at most 50, each one line of at most 100 characters.
    #[graphql(default)]
    skills: Vec<String>,
    /// Whether the job is paid at a fixed price or by the hour.
    #[serde(serialize_with = "by_variant")]
    payment: JobPayment,
    /// The budget of a fixed-price job.
    budget: Option<MoneyInput>,
    /// The lowest rate of an hourly job.
    hourly_min: Option<MoneyInput>,
    /// The highest rate of an hourly job.
    hourly_max: Option<MoneyInput>,
    /// The expected hours a week, 1 to 168.
    weekly_hours: Option<i32>,
    /// The expected duration in weeks, 1 to 520.
    duration_weeks: Option<i32>,
    /// The experience that the client asks for.
    #[serde(serialize_with = "by_variant_or_null")]
    experience_level: Option<ExperienceLevel>,
    /// How many freelancers the client wants to hire, 1 to 1,000.
    #[graphql(default = 1)]
    hires_wanted: i32,
    /// Who may see the job post.
    #[graphql(default_with = "JobVisibility::Public")]
    #[serde(serialize_with = "by_variant")]
    visibility: JobVisibility,
}

impl JobPostContent {
    fn draft(&self) -> Result<Draft> {
        let cents =
            |money: &Option<MoneyInput>, field| money.as_ref().map(|money| money.cents(field)).transpose();
        let terms = Terms {
            payment: self.payment,
            budget_cents: cents(&self.budget, "content.budget")?,
            hourly_min_cents: cents(&self.hourly_min, "content.hourlyMin")?,
            hourly_max_cents: cents(&self.hourly_max, "content.hourlyMax")?,
            weekly_hours: self.weekly_hours.map(i64::from),
            duration_weeks: self.duration_weeks.map(i64::from),
        };
        let content = Content {
            title: self.title.clone(),
            description: self.description.clone(),
            subcategory: self.subcategory.clone(),
            skills: self.skills.clone(),
            terms,
            hires_wanted: self.hires_wanted.into(),
        };
        Ok(Draft {
            content: rules::checked(content, Origin::Written)?,
            category: self.category,
            experience_level: self.experience_level,
            visibility: self.visibility,
        })
    }
}

/// Input of `createJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct CreateJobPostInput {
    /// The content of the job post.
    content: JobPostContent,
    /// Whether to open the job post to proposals at once; otherwise it is a draft.
    #[graphql(default = false)]
    publish: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `publishJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct PublishJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `updateJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct UpdateJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// The version that the client edited; if the job post has another version by now, the request is refused
    /// with `CONFLICT`.
    version: i32,
    /// The new content of the job post, which replaces all of the old.
    content: JobPostContent,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `setJobPostFree`.
#[derive(Debug, InputObject, Serialize)]
pub struct SetJobPostFreeInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// Whether proposals to the job post are free of charge.
    free: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `cancelJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct CancelJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// The client's reason, at most 1,000 characters; the client, admins and auditors see it.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `closeJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct CloseJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `closeJobPost`.
#[derive(SimpleObject)]
pub struct CloseJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `removeJobPost`.
#[derive(Debug, InputObject, Serialize)]
pub struct RemoveJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// The reason, 1 to 1,000 characters; the client and everyone who reported the job post are notified of it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `createJobPost`.
#[derive(SimpleObject)]
pub struct CreateJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `publishJobPost`.
#[derive(SimpleObject)]
pub struct PublishJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `updateJobPost`.
#[derive(SimpleObject)]
pub struct UpdateJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `setJobPostFree`.
#[derive(SimpleObject)]
pub struct SetJobPostFreePayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `cancelJobPost`.
#[derive(SimpleObject)]
pub struct CancelJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `removeJobPost`.
#[derive(SimpleObject)]
pub struct RemoveJobPostPayload {
    /// The job post; null if the request was refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to job posts.
#[derive(Default)]
pub struct JobPostMutation;

#[Object]
impl JobPostMutation {
    /// Creates a job post, as a draft or open at once (J-1, J-2). For clients.
    async fn create_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to create.")] input: CreateJobPostInput,
    ) -> Answer<CreateJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            job_posts::create(txn, client, input.content.draft()?, input.publish).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(CreateJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Opens a draft to proposals and computes its price again (J-2, J-3). For its client.
    async fn publish_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to publish.")] input: PublishJobPostInput,
    ) -> Answer<PublishJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            job_posts::publish(txn, client, input.job_post_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(PublishJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Changes a draft or an open job post. Its price is computed again, proposals already submitted keep the
    /// price they were charged (J-3, S-4), and an open job post gets a new expiry (J-4). For its client.
    async fn update_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to change, and its new content.")] input: UpdateJobPostInput,
    ) -> Answer<UpdateJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let (id, version) = (input.job_post_id.key()?, input.version.into());
            closing::edit(txn, client, id, version, input.content.draft()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(UpdateJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Cancels an open job post before any contract. The Connects of every proposal that was not withdrawn are
    /// refunded in the same transaction (J-2, T-1). For its client.
    async fn cancel_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to cancel.")] input: CancelJobPostInput,
    ) -> Answer<CancelJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            closing::cancel(txn, client, input.job_post_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(CancelJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Closes an open job post for which somebody was hired: its other proposals are archived, and nothing is refunded
    /// for them (J-2, T-2). For its client.
    async fn close_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to close.")] input: CloseJobPostInput,
    ) -> Answer<CloseJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            closing::close(txn, client, input.job_post_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(CloseJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Makes a draft or an open job post free of charge, or restores its price. Proposals already submitted
    /// keep the price they were charged (J-3, S-3, S-4). For admins.
    async fn set_job_post_free(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post, and whether it is free of charge.")] input: SetJobPostFreeInput,
    ) -> Answer<SetJobPostFreePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            job_posts::set_free(txn, admin, input.job_post_id.key()?, input.free).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SetJobPostFreePayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Removes a job post for a violation. The Connects of every proposal that was not withdrawn are refunded
    /// in the same transaction, and the open reports of the job post are upheld (J-7, T-1). For admins.
    async fn remove_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post to remove.")] input: RemoveJobPostInput,
    ) -> Answer<RemoveJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            closing::remove(txn, admin, input.job_post_id.key()?, &input.reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RemoveJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }
}
