//! Changes to job posts: writing, publishing, cancelling, taking down.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    closing,
    entity::enums::{ExperienceLevel, JobCategory, JobPayment, JobVisibility},
    error::Result,
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            ids::IdOf,
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

/// What a client writes into a job post (J-1).
#[derive(Debug, InputObject, Serialize)]
pub struct JobPostContent {
    /// Title, one line of 1 to 300 characters. Of all texts, what can be seen counts.
    title: String,
    /// Description, 1 to 10,000 characters.
    description: String,
    /// Top category.
    #[serde(serialize_with = "by_variant")]
    category: JobCategory,
    /// A category within it, one line of 1 to 100 characters.
    subcategory: Option<String>,
    /// Skills asked for, at most 50 of one line and at most 100 characters each.
    #[graphql(default)]
    skills: Vec<String>,
    /// Fixed price or hourly.
    #[serde(serialize_with = "by_variant")]
    payment: JobPayment,
    /// Budget of a fixed-price post.
    budget: Option<MoneyInput>,
    /// Least rate of an hourly post.
    hourly_min: Option<MoneyInput>,
    /// Greatest rate of an hourly post.
    hourly_max: Option<MoneyInput>,
    /// Expected hours a week, 1 to 168.
    weekly_hours: Option<i32>,
    /// Expected length in weeks, 1 to 520.
    duration_weeks: Option<i32>,
    /// Experience asked for.
    #[serde(serialize_with = "by_variant_or_null")]
    experience_level: Option<ExperienceLevel>,
    /// How many freelancers are wanted, 1 to 1,000.
    #[graphql(default = 1)]
    hires_wanted: i32,
    /// Who may see it.
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

/// A job post to write.
#[derive(Debug, InputObject, Serialize)]
pub struct CreateJobPostInput {
    /// What it says.
    content: JobPostContent,
    /// Opens it to proposals at once; a draft otherwise.
    #[graphql(default = false)]
    publish: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A draft to open.
#[derive(Debug, InputObject, Serialize)]
pub struct PublishJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A job post to change.
#[derive(Debug, InputObject, Serialize)]
pub struct UpdateJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// The version that the person saw; another one is refused with `CONFLICT`.
    version: i32,
    /// What it says from now on.
    content: JobPostContent,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A job post to make free of charge, or not any more.
#[derive(Debug, InputObject, Serialize)]
pub struct SetJobPostFreeInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// Whether proposals to it cost nothing.
    free: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A job post to give up.
#[derive(Debug, InputObject, Serialize)]
pub struct CancelJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// Why, at most 1,000 characters; for the client and admins.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// A job post to take down.
#[derive(Debug, InputObject, Serialize)]
pub struct RemoveJobPostInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// Why, 1 to 1,000 characters; the client and those who reported it are told.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `createJobPost`.
#[derive(SimpleObject)]
pub struct CreateJobPostPayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `publishJobPost`.
#[derive(SimpleObject)]
pub struct PublishJobPostPayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `updateJobPost`.
#[derive(SimpleObject)]
pub struct UpdateJobPostPayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `setJobPostFree`.
#[derive(SimpleObject)]
pub struct SetJobPostFreePayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `cancelJobPost`.
#[derive(SimpleObject)]
pub struct CancelJobPostPayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `removeJobPost`.
#[derive(SimpleObject)]
pub struct RemoveJobPostPayload {
    /// The job post; null when refused.
    job_post: Option<JobPost>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to job posts.
#[derive(Default)]
pub struct JobPostMutation;

#[Object]
impl JobPostMutation {
    /// Writes a job post, as a draft or open at once (J-1, J-2). For clients.
    async fn create_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write.")] input: CreateJobPostInput,
    ) -> Answer<CreateJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            job_posts::create(txn, client, input.content.draft()?, input.publish).await
        });
        let (id, outcome) = done.await?;
        Ok(CreateJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Opens a draft to proposals; its price is computed anew (J-2, J-3). For its client.
    async fn publish_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to open.")] input: PublishJobPostInput,
    ) -> Answer<PublishJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            job_posts::publish(txn, client, input.job_post_id.key()?).await
        });
        let (id, outcome) = done.await?;
        Ok(PublishJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Changes a draft or an open job post: the price follows, proposals that were sent keep theirs
    /// (J-3, S-4), and an open post lives on (J-4). For its client.
    async fn update_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateJobPostInput,
    ) -> Answer<UpdateJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let (id, version) = (input.job_post_id.key()?, input.version.into());
            job_posts::update(txn, client, id, version, input.content.draft()?).await
        });
        let (id, outcome) = done.await?;
        Ok(UpdateJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Gives an open job post up before any contract: every proposal that was not withdrawn gets its
    /// Connects back in the same transaction (J-2, T-1). For its client.
    async fn cancel_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to give up.")] input: CancelJobPostInput,
    ) -> Answer<CancelJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            closing::cancel(txn, client, input.job_post_id.key()?, &reason).await
        });
        let (id, outcome) = done.await?;
        Ok(CancelJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Makes a draft or an open job post free of charge, or not any more; proposals that were sent keep what
    /// they paid (J-3, S-3, S-4). For admins.
    async fn set_job_post_free(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and whether it is free.")] input: SetJobPostFreeInput,
    ) -> Answer<SetJobPostFreePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            job_posts::set_free(txn, admin, input.job_post_id.key()?, input.free).await
        });
        let (id, outcome) = done.await?;
        Ok(SetJobPostFreePayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }

    /// Takes a job post down for a violation: every proposal that was not withdrawn gets its Connects
    /// back in the same transaction, and its open reports are upheld (J-7, T-1). For admins.
    async fn remove_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take down.")] input: RemoveJobPostInput,
    ) -> Answer<RemoveJobPostPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            closing::remove(txn, admin, input.job_post_id.key()?, &input.reason).await
        });
        let (id, outcome) = done.await?;
        Ok(RemoveJobPostPayload { job_post: JobPost::visible(ctx, id).await?, outcome })
    }
}
