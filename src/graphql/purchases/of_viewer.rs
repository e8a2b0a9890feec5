//! What the signed-in person buys.

use async_graphql::{Context, Object};

use crate::{
    entity::purchase,
    graphql::{
        kit::{
            context::request,
            errors::top_level,
            page::{PageArgs, Pages},
        },
        promo_codes::promo_code_of,
        purchases::{billing_details::BillingDetails, purchase::Purchase, quote::ConnectsQuote},
    },
    purchases::{self, Wanted, store},
    viewer::Viewer as Person,
};

/// What the signed-in person buys.
pub struct OfViewer<'a>(pub &'a Person);

/// What the signed-in person buys.
#[Object(name = "ViewerPurchases")]
impl OfViewer<'_> {
    /// What so many Connects cost this person now: price, discount, tax and total (B-1, B-2, B-5); null, with
    /// an error, if they cannot be bought so.
    async fn connects_quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many Connects: a bundle, or 10 to 10,000.")] quantity: i32,
        #[graphql(
            desc = "A promo code. One that does not exist counts as a guess, and guesses are limited."
        )]
        promo_code: Option<String>,
    ) -> Option<async_graphql::Result<ConnectsQuote>> {
        let request = request(ctx);
        let policy = &request.db.policy_at(request.now).policy;
        let quote = async {
            let promo = promo_code_of(request, promo_code.as_deref()).await?;
            let wanted = Wanted { quantity: quantity.into(), promo };
            purchases::quote(request.db.read(), policy, &self.0.0, wanted, request.now).await
        };
        Some(quote.await.map(ConnectsQuote).map_err(|error| top_level(request, error)))
    }

    /// What each bundle costs this person now, the smallest first; a dozen at most (B-1).
    async fn connects_bundles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ConnectsQuote>> {
        let request = request(ctx);
        let policy = &request.db.policy_at(request.now).policy;
        let bundles = purchases::list_bundles(request.db.read(), policy, &self.0.0, request.now).await;
        let bundles = bundles.map_err(|error| top_level(request, error))?;
        Ok(bundles.into_iter().map(ConnectsQuote).collect())
    }

    /// Where this person is taxed (B-2).
    async fn billing_details(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<BillingDetails>> {
        BillingDetails::of_viewer(request(ctx), true).await.transpose()
    }

    /// Whether this person cannot buy anything, because a bank took back a payment of theirs (B-4).
    async fn are_purchases_frozen(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let request = request(ctx);
        store::is_frozen(request.db.read(), self.0.id()).await.map_err(|error| top_level(request, error))
    }

    /// What this person bought, newest first (B-3).
    async fn purchases(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Purchase>> {
        use purchase::Column::{Id, OrderedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::purchases_of(self.0.id());
        let key = |row: &purchase::Model| (row.ordered_at, row.id);
        Ok(page.load(request(ctx), rows, (OrderedAt, Id), false, key).await?.map(Purchase))
    }
}
