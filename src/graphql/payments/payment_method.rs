//! What a person pays with.

use async_graphql::{ID, Object};

use crate::{
    entity::{enums::PaymentProvider, ids::PaymentMethodId, payment_method},
    error::Result,
    graphql::kit::{context::Request, ids::Kind, scalars::DateTime},
    payments,
};

/// A person's way to pay, which the payment provider keeps. Visible to that person.
#[derive(Clone)]
pub struct PaymentMethod(pub payment_method::Model);

impl Kind for PaymentMethod {
    type Key = PaymentMethodId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = payments::store::list_visible_methods(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A person's way to pay, which the payment provider keeps. Visible to that person.
#[Object]
impl PaymentMethod {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What the person knows it by, such as `Visa ending in 4242`.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// The payment provider that keeps it.
    async fn provider(&self) -> PaymentProvider {
        self.0.provider
    }

    /// Whether it is the person's primary payment method (M-7).
    async fn is_primary(&self) -> bool {
        self.0.is_primary
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        DateTime(self.0.added_at)
    }

    /// When it was removed; null until then.
    async fn removed_at(&self) -> Option<DateTime> {
        self.0.removed_at.map(DateTime)
    }
}
