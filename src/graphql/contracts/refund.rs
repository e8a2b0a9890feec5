//! Refunds of milestones.

use async_graphql::{ID, Object};

use crate::{
    contracts::store,
    entity::{
        enums::{PaymentFailure, PaymentState},
        ids::RefundId,
        refund,
    },
    error::Result,
    graphql::kit::{
        context::Request,
        ids::Kind,
        scalars::{DateTime, Money},
    },
};

/// Money that goes back to the client (O-2). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Refund(pub refund::Model);

impl Kind for Refund {
    type Key = RefundId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_refunds(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// Money that goes back to the client (O-2). Visible to both sides, admins and auditors.
#[Object]
impl Refund {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, self.0.currency)
    }

    /// The reason, in the freelancer's words, or that a dispute was decided.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The state of the refund. While it is `UNKNOWN`, the provider is asked until it says what became of it. If it is
    /// `FAILED`, the money is in the client's cash account.
    async fn state(&self) -> PaymentState {
        self.0.state
    }

    /// The reason for which it failed; null if it did not.
    async fn failure(&self) -> Option<PaymentFailure> {
        self.0.failure
    }

    /// When it began.
    async fn begun_at(&self) -> DateTime {
        DateTime(self.0.begun_at)
    }

    /// When it was paid or failed; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}
