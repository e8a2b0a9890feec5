//! The signed-in person's part in the affiliate programme.

use async_graphql::{Context, Object};

use crate::{
    graphql::{
        affiliates::{affiliate::Affiliate, loaders::AffiliateOf},
        kit::{context::request, scalars::int},
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

    /// The version of the affiliate programme's terms in force, which an application accepts (F-1).
    async fn affiliate_terms_version(&self, ctx: &Context<'_>) -> i32 {
        let request = request(ctx);
        int(request.db.policy_at(request.now).policy.affiliate.terms_version)
    }
}
