//! Promo codes, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    entity::promo_code,
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        promo_codes::promo_code::PromoCode,
    },
    promo_codes::{rules, store},
    viewer::Viewer as Person,
};

/// Promo codes, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Promo codes, for anyone who may see people.
#[Object(name = "AdminPromoCodes")]
impl OfAdmin<'_> {
    /// The promo codes, the last first (B-5). For admins, support and auditors.
    async fn promo_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only the code of this name.")] code: Option<String>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PromoCode>> {
        use promo_code::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        // There is no code without a name.
        let code = code.map(|typed| rules::normalised(&typed).unwrap_or_default());
        let rows = store::codes_seen_by(self.0, code);
        let key = |row: &promo_code::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(PromoCode))
    }
}
