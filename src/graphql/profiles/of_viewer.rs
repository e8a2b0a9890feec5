//! What the signed-in person shows of themselves.

use async_graphql::{Context, Object};

use crate::{
    connects,
    graphql::{
        kit::{context::request, errors::top_level},
        profiles::own_profile::OwnProfile,
    },
    viewer::Viewer as Person,
};

/// What the signed-in person shows of themselves.
pub struct OfViewer<'a>(pub &'a Person);

/// What the signed-in person shows of themselves.
#[Object(name = "ViewerProfiles")]
impl OfViewer<'_> {
    /// What this person shows of themselves as a freelancer (M-11); null for anyone who is not a freelancer.
    async fn profile(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<OwnProfile>> {
        async {
            let request = request(ctx);
            let wallet = connects::store::find_wallet_of(request.db.read(), self.0.id()).await;
            match wallet.map_err(|error| top_level(request, error))? {
                Some(_) => Ok(Some(OwnProfile::of(request, &self.0.0).await?)),
                None => Ok(None),
            }
        }
        .await
        .transpose()
    }
}
