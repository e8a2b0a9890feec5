//! What an upgrade would bring the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::enums::MembershipPlan,
    graphql::{
        kit::{context::request, errors::top_level},
        subscriptions::preview::UpgradePreview,
    },
    subscriptions,
    viewer::Viewer as Person,
};

/// What an upgrade would bring the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// What an upgrade would bring the signed-in person.
#[Object(name = "ViewerSubscriptions")]
impl OfViewer<'_> {
    /// What an upgrade would bring and cost this person now, with the arithmetic (M-6); null, with an error, if
    /// they cannot upgrade to it. For freelancers.
    async fn upgrade_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] plan: MembershipPlan,
    ) -> Option<async_graphql::Result<UpgradePreview>> {
        let request = request(ctx);
        // The rest of the request does not see what is rehearsed here.
        let db = request.db.for_request();
        let preview = subscriptions::look_ahead(&db, &self.0.0, plan).await;
        Some(preview.map(UpgradePreview).map_err(|error| top_level(request, error)))
    }
}
