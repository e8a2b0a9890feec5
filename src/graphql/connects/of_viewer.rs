//! The wallets of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    connects,
    entity::wallet,
    graphql::{
        accounts::account::wallet_of,
        connects::wallet::Wallet,
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// The wallets of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The wallets of the signed-in person.
#[Object(name = "ViewerConnects")]
impl OfViewer<'_> {
    /// This freelancer's own wallet; null if the person has no freelancer profile (P-2).
    async fn wallet(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Wallet>> {
        wallet_of(ctx, self.0.id()).await
    }

    /// The wallets that this person may spend from; at most one, as long as there are no agencies (P-2).
    async fn wallets(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Wallet>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = connects::store::owned_by(self.0.id());
        let rows = page.load(request(ctx), rows, wallet::Column::Id, true, |row| row.id).await?;
        Ok(rows.map(Wallet))
    }
}
