//! What an upgrade would bring the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    connects,
    entity::enums::MembershipPlan,
    graphql::{
        kit::{context::request, errors::top_level},
        subscriptions::preview::UpgradePreview,
    },
    memberships::rejection,
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
    ) -> async_graphql::Result<Option<UpgradePreview>> {
        let request = request(ctx);
        let preview = async {
            let wallet = connects::store::find_wallet_of(request.db.read(), self.0.id()).await?;
            let wallet = wallet.ok_or_else(rejection::not_a_freelancer)?.id;
            let version = request.db.policy_at(request.now);
            let whose = (&self.0.0, wallet);
            subscriptions::preview(request.db.read(), &version, whose, plan, request.now).await
        };
        Ok(Some(UpgradePreview(preview.await.map_err(|error| top_level(request, error))?)))
    }
}
