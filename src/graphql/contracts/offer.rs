//! Offers, as both sides see them.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    contracts::{rules, store},
    entity::{
        enums::{Currency, JobCategory, OfferState},
        ids::OfferId,
        offer,
        values::Part,
    },
    error::{Fault, Result},
    graphql::{
        catalog::project::Project,
        contracts::{contract::Contract, loaders::ContractOf},
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            scalars::{DateTime, Money},
        },
        profiles::{freelancer::Freelancer, loaders::Hireable},
        proposals::proposal::Proposal,
    },
};

/// A client's offer to a freelancer (O-1). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Offer(pub offer::Model);

/// A milestone that an offer proposes (O-1).
#[derive(SimpleObject)]
pub struct OfferedMilestone {
    /// What is to be done.
    title: String,
    /// What the client would pay for it.
    amount: Money,
}

impl OfferedMilestone {
    fn new(part: &Part, currency: Currency) -> Self {
        Self { title: part.title.clone(), amount: Money::new(part.amount_cents, currency) }
    }
}

impl Kind for Offer {
    type Key = OfferId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_offers(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A client's offer to a freelancer (O-1). Visible to both sides, admins and auditors.
#[Object]
impl Offer {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The proposal that the offer answers; null for a direct offer or an order.
    async fn proposal(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Proposal>> {
        request(ctx).show(self.0.proposal_id?, Proposal).await
    }

    /// The job post that the offer is for; null if there is none, or the viewer may not see it any more.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        request(ctx).show(VisiblePost(self.0.job_post_id?), JobPost).await
    }

    /// The project that was ordered (O-3), as it is now; null if it is no order.
    async fn project(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Project>> {
        request(ctx).show(self.0.project_id?, Project).await
    }

    /// What the project said when it was ordered (O-3), which is what was bought; null if it is no order.
    async fn project_description(&self) -> Option<&str> {
        self.0.project_description.as_deref()
    }

    /// The public profile of the freelancer; null if they cannot be hired now (P-4).
    async fn freelancer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Freelancer>> {
        request(ctx).show(Hireable(self.0.freelancer_id), Freelancer).await
    }

    /// What an hour costs; null for an offer with milestones.
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

    /// The category that the contract will have (C-5); null if the viewer may not see the job post any more.
    async fn category(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobCategory>> {
        match (self.0.category, self.0.job_post_id) {
            (None, Some(post)) => request(ctx).show(VisiblePost(post), |post| post.category).await,
            (category, _) => category.map(Ok),
        }
    }

    /// The title that the contract will have.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The message to the freelancer; may be empty.
    async fn message(&self) -> &str {
        &self.0.message
    }

    /// The milestones that the contract will have, in order; at most 20, none if it is hourly.
    async fn milestones(&self) -> Vec<OfferedMilestone> {
        self.0.milestones.0.iter().map(|part| OfferedMilestone::new(part, self.0.currency)).collect()
    }

    /// What all milestones cost together.
    async fn total(&self) -> Money {
        let cents = self.0.milestones.0.iter().map(|part| part.amount_cents).sum();
        Money::new(cents, self.0.currency)
    }

    /// The state of the offer. A new offer is `EXPIRED` as soon as its time is up.
    async fn state(&self, ctx: &Context<'_>) -> OfferState {
        rules::state_at(self.0.state, self.0.expires_at, request(ctx).now)
    }

    /// When the offer was sent.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.sent_at)
    }

    /// The offer can be accepted strictly before this instant.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When the offer was accepted, declined or withdrawn, or expired; null until then.
    async fn ended_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let overdue = self.0.expires_at <= request(ctx).now;
        self.0.ended_at.or(overdue.then_some(self.0.expires_at)).map(DateTime)
    }

    /// The reason for which it was declined or withdrawn, in the words of the person who did it; null if there is none.
    async fn ended_reason(&self) -> Option<&str> {
        self.0.ended_reason.as_deref()
    }

    /// The contract that it became; null unless it was accepted.
    async fn contract(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Contract>> {
        request(ctx).show(ContractOf(self.0.id), Contract).await
    }
}

/// The name of one of the two sides.
///
/// # Errors
/// A fault of the database.
pub async fn name_of(
    request: &Request,
    person: crate::entity::ids::AccountId,
) -> async_graphql::Result<String> {
    let missing = || top_level(request, Fault::Broken("a side without an account".into()).into());
    Ok(request.load(person).await?.ok_or_else(missing)?.name)
}
