//! Proposals, as both sides see them.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    entity::{
        enums::{Currency, ProposalState, RefundEvent},
        ids::{JobPostId, ProposalId},
        job_post, proposal,
    },
    error::{Fault, Result},
    graphql::{
        contracts::loaders::HiresFor,
        contracts::{loaders::OfferTo, offer::Offer},
        job_posts::job_post::JobPost,
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Money, int},
        },
        profiles::{freelancer::Freelancer, loaders::Hireable},
        proposals::loaders::{ReceivedBy, ReturnedOf},
        rooms::{loaders::RoomOf, room::Room},
    },
    job_posts::rules::life as job_life,
    proposals::{
        self,
        rules::{life, refund},
        store::Wanted,
    },
    viewer::{Permission, Viewer},
};

/// A freelancer's proposal to a job post (S-1). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Proposal(pub proposal::Model);

impl Kind for Proposal {
    type Key = ProposalId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = proposals::store::list_visible(request.db.read(), viewer, ids, request.now).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A freelancer's proposal to a job post (S-1). Visible to both sides, admins and auditors.
#[Object]
impl Proposal {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The job post.
    async fn job_post(&self, ctx: &Context<'_>) -> async_graphql::Result<JobPost> {
        let request = request(ctx);
        let post = request.load(self.0.job_post_id).await?;
        let missing = || Fault::Broken("a proposal without a job post".into());
        post.map(JobPost).ok_or_else(|| top_level(request, missing().into()))
    }

    /// The name of the freelancer.
    async fn freelancer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let request = request(ctx);
        let person = request.load(self.0.freelancer_id).await?;
        Ok(person.map(|person| person.name).unwrap_or_default())
    }

    /// The public profile of the freelancer; null if they cannot be hired now (P-4).
    async fn freelancer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Freelancer>> {
        request(ctx).show(Hireable(self.0.freelancer_id), Freelancer).await
    }

    /// The letter to the client.
    async fn cover_letter(&self) -> &str {
        &self.0.cover_letter
    }

    /// The Connects charged for the proposal; later prices never change it (S-4).
    async fn connects_charged(&self) -> i32 {
        int(self.0.connects_charged)
    }

    /// The amount that the freelancer asks for: in total for a fixed-price job, per hour for an hourly one;
    /// null if the proposal does not state it.
    async fn amount(&self) -> Option<Money> {
        self.0.amount_cents.map(|cents| Money::new(cents, Currency::Usd))
    }

    /// The state of the proposal. A submitted proposal is `ARCHIVED` as soon as its job post has ended.
    async fn state(&self, ctx: &Context<'_>) -> async_graphql::Result<ProposalState> {
        let post = self.job_post(ctx).await?.0;
        let state = self.state_at(&post, request(ctx));
        Ok(state)
    }

    /// The last offer of a contract to it (O-1); null before the first.
    async fn offer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Offer>> {
        request(ctx).show(OfferTo(self.0.id), Offer).await
    }

    /// When the proposal was declined, withdrawn or archived; null until then.
    async fn ended_at(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        async {
            if self.0.ended_at.is_some() {
                return Ok(self.0.ended_at.map(DateTime));
            }
            let deadline = self.job_post(ctx).await?.0.expires_at;
            Ok(deadline.filter(|at| *at <= request(ctx).now).map(DateTime))
        }
        .await
        .transpose()
    }

    /// The reason for which the proposal was declined or withdrawn, in the words of the person who did it; null
    /// if there is none.
    async fn ended_reason(&self) -> Option<&str> {
        self.0.ended_reason.as_deref()
    }

    /// Until when the letter can be edited unless the client views the proposal before (S-6); null once they
    /// have viewed it. For its freelancer; null for everyone else.
    async fn letter_open_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let request = request(ctx);
        let policy = &request.db.policy_at(request.now).policy.proposals;
        let until = DateTime(life::letter_open_until(self.0.submitted_at, policy));
        (self.is_mine(request) && self.0.viewed_at.is_none()).then_some(until)
    }

    /// When the letter or the amount was last edited; null if neither ever was.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.edited_at.map(DateTime)
    }

    /// When the client first viewed the proposal; null until then.
    async fn viewed_at(&self) -> Option<DateTime> {
        self.0.viewed_at.map(DateTime)
    }

    /// Whether the proposal is on the client's short list. For the client, admins and auditors; null for its freelancer.
    async fn is_shortlisted(&self, ctx: &Context<'_>) -> Option<bool> {
        (!self.is_mine(request(ctx))).then_some(self.0.shortlisted_at.is_some())
    }

    /// Whether the client has hidden the proposal. For the client, admins and auditors; null for its freelancer.
    async fn is_hidden(&self, ctx: &Context<'_>) -> Option<bool> {
        (!self.is_mine(request(ctx))).then_some(self.0.hidden_at.is_some())
    }

    /// How much of the proposal's Connects was refunded, what each event would still refund, and by which rule
    /// (T-5). For its freelancer, admins and auditors; null for everyone else.
    async fn refund_eligibility(
        &self,
        ctx: &Context<'_>,
    ) -> Option<async_graphql::Result<RefundEligibility>> {
        async {
            let request = request(ctx);
            if !self.is_mine(request)
                && !request.viewer.as_ref().is_some_and(|viewer| viewer.may(Permission::ReadMarket))
            {
                return Ok(None);
            }
            let returned = request.load(ReturnedOf(self.0.id)).await?.unwrap_or_default();
            let post = self.job_post(ctx).await?.0;
            let post_state = job_life::state_at(post.state, post.expires_at, request.now);
            let state = self.state_at(&post, request);
            let charged = self.0.connects_charged;
            let hires = request.load(HiresFor(post.id)).await?.unwrap_or_default();
            let cases = refund::cases_of(state, (post_state, hires > 0), charged - returned);
            Ok(Some(RefundEligibility { charged, returned, cases }))
        }
        .await
        .transpose()
    }

    /// When the client first wrote to the freelancer (S-9); null until then.
    async fn interviewing_since(&self) -> Option<DateTime> {
        self.0.interviewing_since.map(DateTime)
    }

    /// Where both sides talk about the proposal (S-9); null until the client has written.
    async fn room(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Room>> {
        request(ctx).show(RoomOf(self.0.id), Room).await
    }

    /// When the proposal was submitted.
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }
}

impl Proposal {
    fn state_at(&self, post: &job_post::Model, request: &Request) -> ProposalState {
        life::state_at(&self.0, post.state, post.expires_at, request.now)
    }

    fn is_mine(&self, request: &Request) -> bool {
        request.viewer.as_ref().is_some_and(|viewer| viewer.id() == self.0.freelancer_id)
    }
}

/// The refunds of a proposal's Connects: how much was refunded, and what each event would still refund (T-5).
pub struct RefundEligibility {
    charged: i64,
    returned: i64,
    cases: Vec<refund::Case>,
}

/// The refunds of a proposal's Connects: how much was refunded, and what each event would still refund (T-5).
#[Object]
impl RefundEligibility {
    /// The Connects that were charged.
    async fn charged(&self) -> i32 {
        int(self.charged)
    }

    /// The Connects that were refunded.
    async fn returned(&self) -> i32 {
        int(self.returned)
    }

    /// The Connects that were charged and not refunded.
    async fn outstanding(&self) -> i32 {
        int(self.charged - self.returned)
    }

    /// What each event would refund now; one case for each event.
    async fn cases(&self) -> Vec<RefundCase> {
        self.cases.iter().copied().map(RefundCase::from).collect()
    }
}

/// What an event would refund, and by which rule (T-5).
#[derive(SimpleObject)]
pub struct RefundCase {
    /// The event.
    event: RefundEvent,
    /// The Connects that would be refunded.
    connects: i32,
    /// The rule that decides, such as `T-1`.
    rule: &'static str,
    /// The rule as a sentence.
    reason: &'static str,
}

impl From<refund::Case> for RefundCase {
    fn from(case: refund::Case) -> Self {
        let (event, connects) = (case.event, int(case.connects));
        Self { event, connects, rule: case.rule, reason: case.reason }
    }
}

/// A page of the proposals to `post` that its client wants to see, newest first.
///
/// # Errors
/// `BAD_USER_INPUT` if the page arguments are invalid; a fault of the database.
pub async fn received(
    request: &Request,
    viewer: &Viewer,
    (post, wanted): (JobPostId, Wanted),
    page: PageArgs,
) -> async_graphql::Result<Pages<Proposal>> {
    use proposal::Column::{Id, SubmittedAt};
    let page = page.checked()?;
    let key = |row: &proposal::Model| (row.submitted_at, row.id);
    if let Some((limit, backwards)) = page.at_the_end() {
        // One statement reads the first pages of many job posts.
        let found = request.load(ReceivedBy { post, wanted, limit, backwards }).await?;
        return Ok(page.one_too_many(found.unwrap_or_default(), key).map(Proposal));
    }
    let rows = proposals::store::received(viewer, &[post], wanted, request.now);
    Ok(page.load(request, rows, (SubmittedAt, Id), false, key).await?.map(Proposal))
}
