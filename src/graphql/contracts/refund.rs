//! Refunds of milestones.

use async_graphql::Object;

use crate::{
    entity::{enums::PaymentState, refund},
    graphql::kit::scalars::{DateTime, Money},
};

/// Money that goes back to the client (O-2).
#[derive(Clone)]
pub struct Refund(pub refund::Model);

/// Money that goes back to the client (O-2).
#[Object]
impl Refund {
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

    /// When it began.
    async fn begun_at(&self) -> DateTime {
        DateTime(self.0.begun_at)
    }

    /// When it was paid or failed; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}
