//! Changes to job posts: writing, publishing, cancelling, taking down.

use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;

use crate::{
    closing,
    db::Txn,
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment, JobVisibility},
        ids::JobPostId,
    },
    error::Result,
    graphql::{
        job_posts::job_post::JobPost,
        kit::{
            context::{Request, request},
            errors::payload,
            ids::input_id,
            mutation::{inputs, payloads},
            scalars::MoneyInput,
        },
    },
    idempotency::{by_variant, by_variant_or_null},
    input,
    job_posts::{self, Draft, rules::Terms},
    viewer::{Permission, Viewer},
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
            budget_cents: cents(&self.budget, "input.content.budget")?,
            hourly_min_cents: cents(&self.hourly_min, "input.content.hourlyMin")?,
            hourly_max_cents: cents(&self.hourly_max, "input.content.hourlyMax")?,
            weekly_hours: self.weekly_hours.map(i64::from),
            duration_weeks: self.duration_weeks.map(i64::from),
        };
        let draft = Draft {
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category,
            subcategory: self.subcategory.clone(),
            skills: self.skills.clone(),
            terms,
            experience_level: self.experience_level,
            hires_wanted: self.hires_wanted.into(),
            visibility: self.visibility,
        };
        Ok(draft.checked()?)
    }
}

inputs! {
    /// A job post to write.
    CreateJobPostInput {
        /// What it says.
        content: JobPostContent,
        /// Opens it to proposals at once; a draft otherwise.
        #[graphql(default = false)]
        publish: bool,
    }

    /// A draft to open.
    PublishJobPostInput {
        /// The job post.
        job_post_id: ID,
    }

    /// A job post to change.
    UpdateJobPostInput {
        /// The job post.
        job_post_id: ID,
        /// The version that the person saw; another one is refused with `CONFLICT`.
        version: i32,
        /// What it says from now on.
        content: JobPostContent,
    }

    /// A job post to make free of charge, or not any more.
    SetJobPostFreeInput {
        /// The job post.
        job_post_id: ID,
        /// Whether proposals to it cost nothing.
        free: bool,
    }
}

inputs! {
    @key String;

    /// A job post to give up.
    CancelJobPostInput {
        /// The job post.
        job_post_id: ID,
        /// Why, at most 1,000 characters; for the client and admins.
        #[graphql(default)]
        reason: String,
    }

    /// A job post to take down.
    RemoveJobPostInput {
        /// The job post.
        job_post_id: ID,
        /// Why, 1 to 1,000 characters; the client and those who reported it are told.
        reason: String,
    }
}

payloads! {
    /// What became of a new job post.
    CreateJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of a publication.
    PublishJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of an edit.
    UpdateJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of a price that was set to nothing, or back.
    SetJobPostFreePayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of a cancellation.
    CancelJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }

    /// What became of a removal.
    RemoveJobPostPayload {
        /// The job post, unless refused.
        job_post: JobPost,
    }
}

/// Writes by `work` once for the key, and reads the post that it names, as its writer sees it.
pub(in crate::graphql) async fn written(
    request: &Request,
    mutation: &'static str,
    key: (Option<&str>, bool),
    arguments: &impl Serialize,
    work: impl AsyncFnOnce(&Txn) -> Result<JobPostId> + Clone,
) -> Result<(Option<JobPost>, bool)> {
    let (id, replayed) = request.write_once(mutation, key, arguments, work).await?;
    let viewer = request.viewer.as_ref();
    let post = job_posts::store::find_visible(request.db.read(), viewer, id, request.now).await?;
    Ok((post.map(JobPost), replayed))
}

/// The signed-in person and the job post that an input names.
pub(in crate::graphql) fn person_and_post(request: &Request, id: &ID) -> Result<(Viewer, JobPostId)> {
    Ok((request.person()?.clone(), input_id("JobPost", id, "input.jobPostId")?))
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
    ) -> async_graphql::Result<CreateJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let (client, draft) = (request.person()?.clone(), input.content.draft()?);
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let create = async |txn: &Txn| job_posts::create(txn, &client, draft, input.publish).await;
            written(request, "createJobPost", key, &input, create).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => CreateJobPostPayload::done(post, replayed),
            Err(refused) => CreateJobPostPayload::refused(refused),
        })
    }

    /// Opens a draft to proposals; its price is computed anew (J-2, J-3). For its client.
    async fn publish_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to open.")] input: PublishJobPostInput,
    ) -> async_graphql::Result<PublishJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let (client, id) = person_and_post(request, &input.job_post_id)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let publish = async |txn: &Txn| job_posts::publish(txn, &client, id).await;
            written(request, "publishJobPost", key, &input, publish).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => PublishJobPostPayload::done(post, replayed),
            Err(refused) => PublishJobPostPayload::refused(refused),
        })
    }

    /// Changes a draft or an open job post: the price follows, proposals that were sent keep theirs
    /// (J-3, S-4), and an open post lives on (J-4). For its client.
    async fn update_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateJobPostInput,
    ) -> async_graphql::Result<UpdateJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let (client, id) = person_and_post(request, &input.job_post_id)?;
            let (draft, version) = (input.content.draft()?, i64::from(input.version));
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let update = async |txn: &Txn| job_posts::update(txn, &client, id, version, draft).await;
            written(request, "updateJobPost", key, &input, update).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => UpdateJobPostPayload::done(post, replayed),
            Err(refused) => UpdateJobPostPayload::refused(refused),
        })
    }

    /// Gives an open job post up before any contract: every proposal that was not withdrawn gets its
    /// Connects back in the same transaction (J-2, T-1). For its client.
    async fn cancel_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to give up.")] input: CancelJobPostInput,
    ) -> async_graphql::Result<CancelJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let (client, id) = person_and_post(request, &input.job_post_id)?;
            let reason = input::text("input.reason", &input.reason, 0, 1_000)?;
            let key = (Some(input.idempotency_key.as_str()), input.dry_run);
            let cancel = async |txn: &Txn| closing::cancel(txn, &client, id, &reason).await;
            written(request, "cancelJobPost", key, &input, cancel).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => CancelJobPostPayload::done(post, replayed),
            Err(refused) => CancelJobPostPayload::refused(refused),
        })
    }

    /// Makes a draft or an open job post free of charge, or not any more; proposals that were sent keep what
    /// they paid (J-3, S-3, S-4). For admins.
    async fn set_job_post_free(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and whether it is free.")] input: SetJobPostFreeInput,
    ) -> async_graphql::Result<SetJobPostFreePayload> {
        let request = request(ctx);
        let work = async {
            let admin = request.must(Permission::Moderate)?.clone();
            let id = input_id("JobPost", &input.job_post_id, "input.jobPostId")?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let set = async |txn: &Txn| job_posts::set_free(txn, &admin, id, input.free).await;
            written(request, "setJobPostFree", key, &input, set).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => SetJobPostFreePayload::done(post, replayed),
            Err(refused) => SetJobPostFreePayload::refused(refused),
        })
    }

    /// Takes a job post down for a violation: every proposal that was not withdrawn gets its Connects
    /// back in the same transaction, and its open reports are upheld (J-7, T-1). For admins.
    async fn remove_job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to take down.")] input: RemoveJobPostInput,
    ) -> async_graphql::Result<RemoveJobPostPayload> {
        let request = request(ctx);
        let work = async {
            let admin = request.must(Permission::Moderate)?.clone();
            let id = input_id("JobPost", &input.job_post_id, "input.jobPostId")?;
            let key = (Some(input.idempotency_key.as_str()), input.dry_run);
            let remove = async |txn: &Txn| closing::remove(txn, &admin, id, &input.reason).await;
            written(request, "removeJobPost", key, &input, remove).await
        };
        Ok(match payload(request, work.await)? {
            Ok((post, replayed)) => RemoveJobPostPayload::done(post, replayed),
            Err(refused) => RemoveJobPostPayload::refused(refused),
        })
    }
}
