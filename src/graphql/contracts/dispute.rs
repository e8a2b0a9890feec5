//! Disputes over milestones.

use async_graphql::{Context, Enum, ID, Object};

use crate::{
    contracts::store,
    entity::{
        contract, dispute,
        enums::{Currency, DisputeState},
        ids::{AccountId, DisputeId},
    },
    error::Result,
    graphql::{
        contracts::{milestone::Milestone, offer::name_of},
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money},
        },
    },
};

/// A disagreement about a milestone, which is withdrawn, settled, or decided by an admin (O-2). Visible to both sides,
/// admins and auditors.
#[derive(Clone)]
pub struct Dispute(pub dispute::Model);

impl Kind for Dispute {
    type Key = DisputeId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_disputes(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A disagreement about a milestone, which is withdrawn, settled, or decided by an admin (O-2). Visible to both sides,
/// admins and auditors.
#[Object]
impl Dispute {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The milestone.
    async fn milestone(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Milestone>> {
        request(ctx).show(self.0.milestone_id, Milestone).await
    }

    /// The name of the person who opened it.
    async fn opener_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.opened_by).await
    }

    /// The side of the person who opened it; null for an admin.
    async fn opened_by(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<ContractSide>> {
        let request = request(ctx);
        let milestone = request.load(self.0.milestone_id).await.transpose()?;
        let contract = match milestone {
            Ok(milestone) => request.load(milestone.contract_id).await.transpose()?,
            Err(error) => Err(error),
        };
        contract.map(|contract| ContractSide::of(&contract, self.0.opened_by)).transpose()
    }

    /// The name of the admin who decided it; null if nobody has.
    async fn decider_name(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        Some(name_of(request(ctx), self.0.decided_by?).await)
    }

    /// The reason, in their words.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The state of the dispute.
    async fn state(&self) -> DisputeState {
        self.0.state
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// When it ended; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// The reasons of the admin who decided it; null if nobody has.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }

    /// What the decision gives back to the client; null if nobody has decided.
    async fn refund(&self) -> Option<Money> {
        self.0.refund_cents.map(|cents| Money::new(cents, Currency::Usd))
    }
}

/// A side of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ContractSide {
    /// The client.
    Client,
    /// The freelancer.
    Freelancer,
}

impl ContractSide {
    /// The side of `contract` that `person` is.
    fn of(contract: &contract::Model, person: AccountId) -> Option<Self> {
        let sides = [(contract.client_id, Self::Client), (contract.freelancer_id, Self::Freelancer)];
        sides.into_iter().find(|(id, _)| *id == person).map(|(_, side)| side)
    }
}

/// The order of a list of disputes.
pub fn order_of(row: &dispute::Model) -> (crate::clock::Instant, DisputeId) {
    (row.opened_at, row.id)
}
