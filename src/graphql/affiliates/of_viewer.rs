//! The signed-in person's part in the affiliate programme.

use async_graphql::{Context, Object};

use crate::{
    affiliates::store,
    entity::{creative, enums::CreativeKind},
    graphql::{
        affiliates::{affiliate::Affiliate, creative::AffiliateCreative, loaders::AffiliateOf},
        kit::{
            context::request,
            page::{PageArgs, Pages},
            scalars::int,
        },
    },
    viewer::Viewer as Person,
};

/// The signed-in person's part in the affiliate programme.
pub struct OfViewer<'a>(pub &'a Person);

/// The signed-in person's part in the affiliate programme.
#[Object(name = "ViewerAffiliate")]
impl OfViewer<'_> {
    /// This person as an affiliate; null if they have not applied (F-1).
    async fn affiliate(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Affiliate>> {
        request(ctx).show(AffiliateOf(self.0.id()), Affiliate).await
    }

    /// The pictures and texts to put on pages, by the time of their publication; none for anyone who is not an approved
    /// affiliate (F-2).
    async fn affiliate_creatives(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this kind.")] kind: Option<CreativeKind>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AffiliateCreative>> {
        use creative::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::creatives_in_use(self.0, kind);
        let key = |row: &creative::Model| (row.published_at, row.id);
        Ok(page.load(request(ctx), rows, (PublishedAt, Id), true, key).await?.map(AffiliateCreative))
    }

    /// The version of the affiliate programme's terms in force, which an application accepts (F-1).
    async fn affiliate_terms_version(&self, ctx: &Context<'_>) -> i32 {
        let request = request(ctx);
        int(request.db.policy_at(request.now).policy.affiliate.terms_version)
    }
}
