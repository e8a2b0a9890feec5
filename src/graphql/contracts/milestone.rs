//! Milestones of contracts.

use async_graphql::{Context, ID, Object};

use crate::{
    contracts::store,
    entity::{
        enums::{Currency, MilestoneState},
        ids::MilestoneId,
        milestone,
    },
    error::Result,
    graphql::{
        contracts::contract::Contract,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
        payments::{loaders::PaymentFor, payment::Payment},
    },
};

/// A part of a contract that is funded and released as a whole (O-2). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Milestone(pub milestone::Model);

impl Kind for Milestone {
    type Key = MilestoneId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_milestones(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A part of a contract that is funded and released as a whole (O-2). Visible to both sides, admins and auditors.
#[Object]
impl Milestone {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The contract.
    async fn contract(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Contract>> {
        request(ctx).show(self.0.contract_id, Contract).await
    }

    /// The place in the contract, from 1.
    async fn number(&self) -> i32 {
        int(self.0.number)
    }

    /// What is to be done.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What the client pays for it.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, Currency::Usd)
    }

    /// The state of the milestone.
    async fn state(&self) -> MilestoneState {
        self.0.state
    }

    /// When the client's payment was in escrow; null until then.
    async fn funded_at(&self) -> Option<DateTime> {
        self.0.funded_at.map(DateTime)
    }

    /// When the client released it; null until then.
    async fn released_at(&self) -> Option<DateTime> {
        self.0.released_at.map(DateTime)
    }

    /// The last payment for it. For the client, admins, support and auditors; null for everyone else, and before the
    /// first.
    async fn payment(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Payment>> {
        request(ctx).show(PaymentFor(self.0.id), Payment).await
    }
}
