//! Disputes over milestones.

use async_graphql::{Context, ID, Object};

use crate::{
    contracts::store,
    entity::{
        dispute,
        enums::{Currency, DisputeState},
        ids::DisputeId,
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

/// Two sides who do not agree on a milestone, until an admin decides (O-2). Visible to both sides, admins and auditors.
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

/// Two sides who do not agree on a milestone, until an admin decides (O-2). Visible to both sides, admins and auditors.
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

/// The order of a list of disputes.
pub fn order_of(row: &dispute::Model) -> (crate::clock::Instant, DisputeId) {
    (row.opened_at, row.id)
}
