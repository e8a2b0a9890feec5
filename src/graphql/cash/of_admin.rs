//! The platform's own places of money, for anyone who may read the market.

use async_graphql::{Context, Object, SimpleObject};

use crate::{
    cash::store,
    entity::enums::{CashAccountKind, Currency, PaymentProvider},
    graphql::kit::{context::request, errors::top_level, scalars::Money},
    viewer::Viewer as Person,
};

/// A place where the platform has money, or owes it.
#[derive(SimpleObject)]
pub struct PlatformAccount {
    /// What kind of place it is.
    kind: CashAccountKind,
    /// The payment provider, of `CLEARING`; null for the others.
    provider: Option<PaymentProvider>,
    /// What it holds; below zero is what others owe to the platform.
    balance: Money,
}

/// The platform's own places of money, for anyone who may read the market.
pub struct OfAdmin<'a>(pub &'a Person);

/// The platform's own places of money, for anyone who may read the market.
#[Object(name = "AdminCash")]
impl OfAdmin<'_> {
    /// Where the platform itself has money or owes it: fees, what is in transit, and one account of `CLEARING` for each
    /// payment provider (P-3). For admins and auditors; empty for support.
    async fn platform_accounts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PlatformAccount>> {
        let request = request(ctx);
        let rows = store::list_platform_accounts(request.db.read(), self.0).await;
        let rows = rows.map_err(|error| top_level(request, error))?;
        let shown = |row: store::PlatformAccount| PlatformAccount {
            kind: row.kind,
            provider: row.provider,
            balance: Money::new(row.cents, Currency::Usd),
        };
        Ok(rows.into_iter().map(shown).collect())
    }
}
