//! The promo codes that the signed-in person used.

use async_graphql::{Context, Object};

use crate::{
    entity::promo_redemption,
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        promo_codes::promo_redemption::PromoRedemption,
    },
    promo_codes::store,
    viewer::Viewer as Person,
};

/// The promo codes that the signed-in person used.
pub struct OfViewer<'a>(pub &'a Person);

/// The promo codes that the signed-in person used.
#[Object(name = "ViewerPromoCodes")]
impl OfViewer<'_> {
    /// The promo codes that this person used, the last first (B-5).
    async fn promo_redemptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PromoRedemption>> {
        use promo_redemption::Column::{Id, RedeemedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::redemptions_of(self.0.id());
        let key = |row: &promo_redemption::Model| (row.redeemed_at, row.id);
        Ok(page.load(request(ctx), rows, (RedeemedAt, Id), false, key).await?.map(PromoRedemption))
    }
}
