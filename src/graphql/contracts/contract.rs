//! Contracts, as both sides see them.

use async_graphql::{Context, ID, Object};

use crate::{
    contracts::{rules::left_of, store},
    entity::{
        contract,
        enums::{ContractState, JobCategory, MilestoneState},
        ids::ContractId,
        milestone,
    },
    error::Result,
    graphql::{
        contracts::{
            loaders::MilestonesOf,
            milestone::Milestone,
            offer::{Offer, name_of},
        },
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Money},
        },
        profiles::{freelancer::Freelancer, loaders::Hireable},
        proposals::proposal::Proposal,
    },
};

/// A contract between a client and a freelancer (O-1). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Contract(pub contract::Model);

impl Kind for Contract {
    type Key = ContractId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A contract between a client and a freelancer (O-1). Visible to both sides, admins and auditors.
#[Object]
impl Contract {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The job post; null if there is none, or the viewer may not see it any more.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        request(ctx).show(VisiblePost(self.0.job_post_id?), JobPost).await
    }

    /// The proposal that won the contract; null if it came of a direct offer or an order.
    async fn proposal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Proposal>> {
        request(ctx).show(self.0.proposal_id?, Proposal).await
    }

    /// The offer that became the contract.
    async fn offer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Offer>> {
        request(ctx).show(self.0.offer_id, Offer).await
    }

    /// The public profile of the freelancer; null if they cannot be hired now (P-4).
    async fn freelancer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Freelancer>> {
        request(ctx).show(Hireable(self.0.freelancer_id), Freelancer).await
    }

    /// What an hour costs; null for a contract with milestones.
    async fn hourly_rate(&self) -> Option<Money> {
        self.0.hourly_cents.map(|cents| Money::new(cents, self.0.currency))
    }

    /// The name of the client.
    async fn client_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.client_id).await
    }

    /// The name of the freelancer.
    async fn freelancer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.freelancer_id).await
    }

    /// The category of the job post when the contract began, or of the work if there is no post (C-5).
    async fn category(&self) -> JobCategory {
        self.0.category
    }

    /// The state of the contract.
    async fn state(&self) -> ContractState {
        self.0.state
    }

    /// When the offer was accepted.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When the contract ended; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// What all milestones cost together, without withdrawn invoices.
    async fn total(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let counted = |part: &milestone::Model| {
            if part.state == MilestoneState::Withdrawn { 0 } else { part.amount_cents }
        };
        self.sum(request(ctx), counted).await
    }

    /// What the client has funded and not released: it is in escrow (O-2).
    async fn in_escrow(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let in_escrow = |part: &milestone::Model| {
            if part.state == MilestoneState::Funded { left_of(part) } else { 0 }
        };
        self.sum(request(ctx), in_escrow).await
    }

    /// What left escrow for the freelancer, before the service fee (O-2).
    async fn released(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(request(ctx), |part| part.released_cents).await
    }

    /// What of the released was taken back from the freelancer, by refunds and charge-backs.
    async fn reversed(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(request(ctx), |part| part.reversed_cents).await
    }

    /// The service fee that the platform keeps: that of the releases, less what went back with refunds and charge-backs.
    async fn fee(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(request(ctx), |part| part.fee_cents - part.fee_reversed_cents).await
    }

    /// What the client's bank took back (O-5).
    async fn charged_back(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(request(ctx), |part| part.charged_back_cents).await
    }

    /// What the client was given back (O-2).
    async fn refunded(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        self.sum(request(ctx), |part| part.refunded_cents).await
    }

    /// The milestones, in order.
    async fn milestones(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Milestone>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = self.parts(request(ctx)).await?;
        Ok(page.slice(rows, |row| row.number)?.map(Milestone))
    }
}

impl Contract {
    async fn parts(&self, request: &Request) -> async_graphql::Result<Vec<milestone::Model>> {
        Ok(request.load(MilestonesOf(self.0.id)).await?.unwrap_or_default())
    }

    async fn sum(
        &self,
        request: &Request,
        cents: impl Fn(&milestone::Model) -> i64,
    ) -> async_graphql::Result<Money> {
        let parts = self.parts(request).await?;
        Ok(Money::new(parts.iter().map(cents).sum(), self.0.currency))
    }
}
