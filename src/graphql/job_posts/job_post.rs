//! Job posts, and the price of a proposal to one.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    entity::{
        enums::{ExperienceLevel, JobCategory, JobPayment, JobPostState, JobVisibility, Perk, ProposalState},
        ids::JobPostId,
        job_post,
        values::PriceBasis,
    },
    error::{Fault, Result},
    graphql::{
        contracts::loaders::HiresFor,
        job_posts::{client::Client, loaders::RemovalOf, report::Removal},
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Money, OrDefault, int},
        },
        memberships::membership::has_perk,
        proposals::{
            loaders::{BidsTo, MineTo},
            proposal::{Proposal, received},
        },
        rooms::loaders::InterviewingFor,
    },
    job_posts::{self, rules::life},
    money,
    proposals::store::Wanted,
    viewer::Permission,
};

/// A range of hourly rates (J-1).
#[derive(SimpleObject)]
pub struct HourlyRange {
    /// The lowest rate; null if the job post does not state it.
    min: Option<Money>,
    /// The highest rate; null if the job post does not state it.
    max: Option<Money>,
}

/// What other freelancers ask for in their proposals to a job post (M-11).
#[derive(SimpleObject)]
pub struct CompetingBids {
    /// How many live proposals name an amount, not counting the viewer's own, nor those of people who are suspended.
    count: i32,
    /// The lowest amount; null if there is none.
    lowest: Option<Money>,
    /// The highest amount; null if there is none.
    highest: Option<Money>,
}

/// A client's job post (J-1). Public job posts are visible to everyone.
#[derive(Clone)]
pub struct JobPost(pub job_post::Model);

impl Kind for JobPost {
    type Key = JobPostId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let viewer = request.viewer.as_ref();
        let rows = job_posts::store::list_visible(request.db.read(), viewer, ids, request.now).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A client's job post (J-1). Public job posts are visible to everyone.
#[Object]
impl JobPost {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The description; it may be empty on an imported job post.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The top-level category.
    async fn category(&self) -> JobCategory {
        self.0.category
    }

    /// The subcategory; null if the job post does not state it. An imported job post keeps the name that its
    /// file had for it.
    async fn subcategory(&self) -> Option<&str> {
        self.0.subcategory.as_deref()
    }

    /// The skills that the job requires, at most 50.
    async fn skills(&self) -> &[String] {
        &self.0.skills.0
    }

    /// Whether the job is paid at a fixed price or by the hour.
    async fn payment(&self) -> JobPayment {
        self.0.payment
    }

    /// The budget of a fixed-price job; null if the job post does not state it.
    async fn budget(&self) -> Option<Money> {
        self.0.budget_cents.map(|cents| Money::new(cents, self.0.currency))
    }

    /// The rates of an hourly job; null if the job post does not state them.
    async fn hourly_range(&self) -> Option<HourlyRange> {
        let money = |cents: Option<i64>| cents.map(|cents| Money::new(cents, self.0.currency));
        let range = HourlyRange { min: money(self.0.hourly_min_cents), max: money(self.0.hourly_max_cents) };
        (range.min.is_some() || range.max.is_some()).then_some(range)
    }

    /// The experience that the client asks for; null if the job post does not state it.
    async fn experience_level(&self) -> Option<ExperienceLevel> {
        self.0.experience_level
    }

    /// The expected duration in weeks; null if the job post does not state it.
    async fn duration_weeks(&self) -> Option<i32> {
        self.0.duration_weeks.map(int)
    }

    /// The expected hours a week; null if the job post does not state them.
    async fn weekly_hours(&self) -> Option<i32> {
        self.0.weekly_hours.map(int)
    }

    /// How many freelancers the client wants to hire.
    async fn hires_wanted(&self) -> i32 {
        int(self.0.hires_wanted)
    }

    /// Who may see the job post.
    async fn visibility(&self) -> JobVisibility {
        self.0.visibility
    }

    /// The state of the job post. An open job post is `EXPIRED` as soon as its time is up.
    async fn state(&self, ctx: &Context<'_>) -> JobPostState {
        life::state_at(self.0.state, self.0.expires_at, request(ctx).now)
    }

    /// When the job post expires unless its client is active on it first (J-4); null unless it is open.
    async fn expires_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.expires_at.filter(|at| *at > request(ctx).now).map(DateTime)
    }

    /// When the job post was filled, closed, cancelled, removed or expired; null until then.
    async fn closed_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let overdue = self.0.expires_at.filter(|at| *at <= request(ctx).now);
        self.0.closed_at.or(overdue).map(DateTime)
    }

    /// Why the job post was cancelled or removed, in the words of the person who did it; null if there is no
    /// reason. For its client, admins and auditors; null for everyone else.
    async fn closing_reason(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.closing_reason.as_deref().filter(|_| self.is_for(request(ctx)))
    }

    /// The version, which goes up with each edit; pass it to `updateJobPost`.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// How many proposals were ever submitted, including withdrawn ones (J-3).
    async fn proposal_count(&self) -> i32 {
        int(self.0.proposal_count)
    }

    /// How many freelancers the client is talking to about a contract: their proposals are interviewing, or have an offer
    /// since (J-5, S-9).
    async fn interviewing_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(request(ctx).load(InterviewingFor(self.0.id)).await?.map_or(0, int))
    }

    /// How many freelancers were hired (J-5).
    async fn hire_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(request(ctx).load(HiresFor(self.0.id)).await?.map_or(0, int))
    }

    /// The price of a proposal now, and how it was computed (J-3).
    async fn connects_price(&self) -> ConnectsPrice<'_> {
        ConnectsPrice { connects: self.0.connects_price, basis: &self.0.price_basis, post: &self.0 }
    }

    /// The name of the client.
    async fn client_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let request = request(ctx);
        let client = request.load(self.0.client_id).await?;
        Ok(client.map(|client| client.name).unwrap_or_default())
    }

    /// The public profile of the client (J-5).
    async fn client(&self, ctx: &Context<'_>) -> async_graphql::Result<Client> {
        let request = request(ctx);
        let person = request.load(self.0.client_id).await?;
        let missing = || top_level(request, Fault::Broken("a job post without a client".into()).into());
        Ok(Client(person.ok_or_else(missing)?))
    }

    /// The removal of this job post, with its appeal; null unless it was removed (J-7). For its client, admins
    /// and auditors; null for everyone else.
    async fn removal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Removal>> {
        let request = request(ctx);
        if self.0.state != JobPostState::Removed || !self.is_for(request) {
            return None;
        }
        request.show(RemovalOf(self.0.id), Removal).await
    }

    /// The proposals to this job post, newest first. For its client, admins and auditors; null for everyone
    /// else. A freelancer finds their own proposal in `viewerProposal`.
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only proposals in this state.")] state: Option<ProposalState>,
        #[graphql(desc = "Only short-listed proposals (true), or only the others (false).")]
        shortlisted: Option<bool>,
        #[graphql(default, desc = "Whether to include hidden proposals.")] hidden: OrDefault<bool>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Option<async_graphql::Result<Pages<Proposal>>> {
        let request = request(ctx);
        let viewer = request.viewer.as_ref().filter(|_| self.is_for(request))?;
        let wanted = Wanted { state, shortlisted, hidden: hidden.0 };
        let page = PageArgs { first, after, last, before };
        Some(received(request, viewer, (self.0.id, wanted), page).await)
    }

    /// The range of what other freelancers ask for, in total for a fixed-price job and per hour for an hourly one (M-11). For
    /// freelancers whose plan has it, for its client, admins and auditors; null for everyone else.
    async fn competing_bids(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<CompetingBids>> {
        async {
            let request = request(ctx);
            if !self.is_for(request) && !has_perk(request, Perk::CompetingBids).await? {
                return Ok(None);
            }
            let bids = request.load(BidsTo(self.0.id)).await?;
            let money = |cents| Money::new(cents, self.0.currency);
            Ok(Some(CompetingBids {
                count: bids.as_ref().map_or(0, |bids| int(bids.count)),
                lowest: bids.as_ref().map(|bids| money(bids.lowest_cents)),
                highest: bids.as_ref().map(|bids| money(bids.highest_cents)),
            }))
        }
        .await
        .transpose()
    }

    /// When the job post was published; null for a draft.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// The viewer's own proposal to this job post; null if there is none (S-1).
    async fn viewer_proposal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Proposal>> {
        request(ctx).show(MineTo(self.0.id), Proposal).await
    }
}

impl JobPost {
    /// Whether the viewer is the client of the job post or an admin.
    fn is_for(&self, request: &Request) -> bool {
        request
            .viewer
            .as_ref()
            .is_some_and(|viewer| viewer.may(Permission::ReadMarket) || viewer.id() == self.0.client_id)
    }
}

/// The price of a proposal, with everything it was computed from (J-3).
pub struct ConnectsPrice<'a> {
    connects: i64,
    basis: &'a PriceBasis,
    post: &'a job_post::Model,
}

/// The price of a proposal, with everything it was computed from (J-3).
#[Object]
impl ConnectsPrice<'_> {
    /// The price in Connects; pass it as `expectedConnects`.
    async fn connects(&self) -> i32 {
        int(self.connects)
    }

    /// The version of the policy whose tiers and steps applied.
    async fn policy_version(&self) -> i32 {
        int(self.basis.policy_version)
    }

    /// The value of the work; null if it is unknown.
    async fn value(&self) -> Option<Money> {
        self.basis.value_cents.map(|cents| Money::new(cents, self.post.currency))
    }

    /// The price in Connects by the value of the work alone, before demand.
    async fn base(&self) -> i32 {
        int(self.basis.base)
    }

    /// How many proposals were counted as demand.
    async fn proposal_count(&self) -> i32 {
        int(self.basis.proposal_count)
    }

    /// The demand factor, in percent.
    async fn demand_percent(&self) -> i32 {
        int(self.basis.demand_percent)
    }

    /// The arithmetic of the price, as a sentence.
    async fn explanation(&self) -> String {
        if self.post.is_free {
            return "Proposals to this post cost no Connects (S-3).".into();
        }
        let value = match self.basis.value_cents {
            Some(cents) => format!("a value of {}", money::Money::new(cents, self.post.currency)),
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
