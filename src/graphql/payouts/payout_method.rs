//! To what a person is paid.

use async_graphql::{ID, Object};

use crate::{
    entity::{enums::PayoutRail, ids::PayoutMethodId, payout_method},
    error::Result,
    graphql::kit::{context::Request, ids::Kind, scalars::DateTime},
    payouts::store,
};

/// To what a person is paid (W-4). Nobody sees the details, which are encrypted; the person, admins and auditors see the label.
#[derive(Clone)]
pub struct PayoutMethod(pub payout_method::Model);

impl Kind for PayoutMethod {
    type Key = PayoutMethodId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_methods(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// To what a person is paid (W-4). Nobody sees the details, which are encrypted; the person, admins and auditors see the label.
#[Object]
impl PayoutMethod {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The way by which money goes there.
    async fn rail(&self) -> PayoutRail {
        self.0.rail
    }

    /// The currency in which it arrives, as an ISO 4217 code.
    async fn currency_code(&self) -> &str {
        self.0.currency.as_str()
    }

    /// What the person knows it by, such as `Account ending in 3000`.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// When it was set.
    async fn set_at(&self) -> DateTime {
        DateTime(self.0.set_at)
    }

    /// From when on money goes there.
    async fn usable_at(&self) -> DateTime {
        DateTime(self.0.usable_at)
    }

    /// When another one took its place; null while it is in use.
    async fn replaced_at(&self) -> Option<DateTime> {
        self.0.replaced_at.map(DateTime)
    }
}
