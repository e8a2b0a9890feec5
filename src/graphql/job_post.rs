//! Job posts, and why a proposal to one costs what it costs.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    context::request,
    error::{coded, top_level},
    loaders::MineTo,
    node::{global_id, keys_of},
    page::{PageArgs, Pages},
    proposal::Proposal,
    scalars::{DateTime, Money, int},
};
use crate::{
    entity::{enums, ids::JobPostId, job_post, values::PriceBasis},
    job_posts,
};

/// One of the eight top categories (J-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Category")]
pub enum JobCategory {
    /// Design.
    Design,
    /// Video and audio.
    VideoAndAudio,
    /// Development and IT.
    DevelopmentAndIt,
    /// Marketing.
    Marketing,
    /// Writing and translation.
    WritingAndTranslation,
    /// Admin and customer support.
    AdminAndCustomerSupport,
    /// Consulting and HR.
    ConsultingAndHr,
    /// Lifestyle.
    Lifestyle,
}

/// How a job is paid (J-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Payment")]
pub enum JobPayment {
    /// One price for all.
    Fixed,
    /// By the hour.
    Hourly,
}

/// Experience that a client asks for (J-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ExperienceLevel")]
pub enum ExperienceLevel {
    /// New to the field.
    Entry,
    /// Some years in it.
    Intermediate,
    /// A master of it.
    Expert,
}

/// Who may see a job post (J-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Visibility")]
pub enum JobVisibility {
    /// Everyone.
    Public,
    /// Those whom the client invites.
    InviteOnly,
    /// Members of the client's Talent Cloud.
    TalentCloud,
}

/// Where a job post stands (J-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::JobPostState")]
pub enum JobPostState {
    /// Not published.
    Draft,
    /// Takes proposals.
    Open,
    /// All hires are made.
    Filled,
    /// Closed by the client after a hire.
    Closed,
    /// Cancelled by the client, no contract ever.
    Cancelled,
    /// No activity for too long.
    Expired,
    /// Taken down for a violation.
    Removed,
}

/// Hourly rates (J-1).
#[derive(SimpleObject)]
pub struct HourlyRange {
    /// Least rate.
    min: Option<Money>,
    /// Greatest rate.
    max: Option<Money>,
}

/// A client's job post (J-1). Public ones are visible to everyone.
#[derive(Clone)]
pub struct JobPost(pub job_post::Model);

/// A client's job post (J-1). Public ones are visible to everyone.
#[Object]
impl JobPost {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("JobPost", &[&self.0.id])
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Description; empty on imported posts.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Top category.
    async fn category(&self) -> JobCategory {
        self.0.category.into()
    }

    /// A category within it; an imported post keeps its file's name for it.
    async fn subcategory(&self) -> Option<&str> {
        self.0.subcategory.as_deref()
    }

    /// Skills asked for, at most 50.
    async fn skills(&self) -> &[String] {
        &self.0.skills.0
    }

    /// Fixed price or hourly.
    async fn payment(&self) -> JobPayment {
        self.0.payment.into()
    }

    /// Budget of a fixed-price post; null when it does not say.
    async fn budget(&self) -> Option<Money> {
        self.0.budget_cents.map(|cents| Money::new(cents, &self.0.currency))
    }

    /// Rates of an hourly post; null when it does not say.
    async fn hourly_range(&self) -> Option<HourlyRange> {
        let money = |cents: Option<i64>| cents.map(|cents| Money::new(cents, &self.0.currency));
        let range = HourlyRange { min: money(self.0.hourly_min_cents), max: money(self.0.hourly_max_cents) };
        (range.min.is_some() || range.max.is_some()).then_some(range)
    }

    /// Experience asked for; null when it does not say.
    async fn experience_level(&self) -> Option<ExperienceLevel> {
        self.0.experience_level.map(Into::into)
    }

    /// Expected length in weeks; null when it does not say.
    async fn duration_weeks(&self) -> Option<i32> {
        self.0.duration_weeks.map(int)
    }

    /// Expected hours a week; null when it does not say.
    async fn weekly_hours(&self) -> Option<i32> {
        self.0.weekly_hours.map(int)
    }

    /// How many freelancers the client wants.
    async fn hires_wanted(&self) -> i32 {
        int(self.0.hires_wanted)
    }

    /// Who may see it.
    async fn visibility(&self) -> JobVisibility {
        self.0.visibility.into()
    }

    /// Where it stands.
    async fn state(&self) -> JobPostState {
        self.0.state.into()
    }

    /// Proposals ever sent, withdrawn ones too (J-3).
    async fn proposal_count(&self) -> i32 {
        int(self.0.proposal_count)
    }

    /// What a proposal costs now, and why (J-3).
    async fn connects_price(&self) -> ConnectsPrice<'_> {
        ConnectsPrice { connects: self.0.connects_price, basis: &self.0.price_basis, post: &self.0 }
    }

    /// Name of the client.
    async fn client_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let request = request(ctx);
        let client =
            request.loaders.load_one(self.0.client_id).await.map_err(|error| request.shared(&error))?;
        Ok(client.map(|client| client.name).unwrap_or_default())
    }

    /// When it was published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// The viewer's own proposal to it; null when there is none (S-1).
    async fn viewer_proposal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Proposal>> {
        let request = request(ctx);
        match request.loaders.load_one(MineTo(self.0.id)).await {
            Ok(mine) => mine.map(|proposal| Ok(Proposal(proposal))),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }
}

/// What a proposal costs, with everything it was computed from (J-3).
pub struct ConnectsPrice<'a> {
    connects: i64,
    basis: &'a PriceBasis,
    post: &'a job_post::Model,
}

/// What a proposal costs, with everything it was computed from (J-3).
#[Object]
impl ConnectsPrice<'_> {
    /// The price in Connects; pass it as `expectedConnects`.
    async fn connects(&self) -> i32 {
        int(self.connects)
    }

    /// Version of the policy whose tiers and steps applied.
    async fn policy_version(&self) -> i32 {
        int(self.basis.policy_version)
    }

    /// Value of the work; null when it cannot be known.
    async fn value(&self) -> Option<Money> {
        self.basis.value_cents.map(|cents| Money::new(cents, &self.post.currency))
    }

    /// Connects by value alone.
    async fn base(&self) -> i32 {
        int(self.basis.base)
    }

    /// Proposals counted.
    async fn proposal_count(&self) -> i32 {
        int(self.basis.proposal_count)
    }

    /// Factor by demand, in percent.
    async fn demand_percent(&self) -> i32 {
        int(self.basis.demand_percent)
    }

    /// The arithmetic, as a sentence.
    async fn explanation(&self) -> String {
        if self.post.is_free {
            return "This post is free of Connects (S-3).".into();
        }
        let value = match self.basis.value_cents {
            Some(cents) => format!("a value of {}.{:02} {}", cents / 100, cents % 100, self.post.currency),
            None => "an unknown value".into(),
        };
        format!(
            "{} Connects for {value}, times {}% for {} proposals, rounded up and capped: {} (J-3, policy {}).",
            self.basis.base,
            self.basis.demand_percent,
            self.basis.proposal_count,
            self.connects,
            self.basis.policy_version
        )
    }
}

/// Questions about job posts.
#[derive(Default)]
pub struct JobPostQuery;

#[Object]
impl JobPostQuery {
    /// The job post with this id, if the viewer may see it.
    async fn job_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job post's id.")] id: ID,
    ) -> Option<async_graphql::Result<JobPost>> {
        let request = request(ctx);
        let id: JobPostId = keys_of("JobPost", &id)?.first()?.parse().ok()?;
        let visible =
            job_posts::store::visible_to(request.viewer.as_ref()).filter(job_post::Column::Id.eq(id));
        match visible.one(request.db.read()).await {
            Ok(post) => post.map(|post| Ok(JobPost(post))),
            Err(error) => Some(Err(top_level(request, error.into()))),
        }
    }

    /// Open job posts that the viewer may see, newest first.
    #[allow(clippy::too_many_arguments)]
    async fn job_posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this category.")] category: Option<JobCategory>,
        #[graphql(desc = "Only posts that cost at most this many Connects, 0 to 1,000.")]
        max_connects: Option<i32>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPost>> {
        use job_post::Column::{Category, ConnectsPrice, Id, PublishedAt, State};
        if max_connects.is_some_and(|most| !(0..=1_000).contains(&most)) {
            return Err(coded("BAD_USER_INPUT", "`maxConnects` takes 0 to 1,000."));
        }
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let filter = sea_orm::Condition::all()
            .add(State.eq(enums::JobPostState::Open))
            .add_option(category.map(|category| Category.eq(enums::Category::from(category))))
            .add_option(max_connects.map(|most| ConnectsPrice.lte(i64::from(most))));
        let rows = job_posts::store::visible_to(request.viewer.as_ref()).filter(filter);
        let key = |row: &job_post::Model| (row.published_at, row.id);
        Ok(page.load(request, rows, (PublishedAt, Id), false, key).await?.map(JobPost))
    }
}
