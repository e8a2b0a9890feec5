//! The wallets of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::wallet,
    graphql::{
        connects::{loaders::WalletOf, wallet::Wallet},
        kit::{
            context::{Request, request},
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
        own(request(ctx), self.0).await.map(|own| own.map(Wallet)).transpose()
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
        let own = own(request(ctx), self.0).await?;
        Ok(page.slice(own.into_iter().collect(), |row| row.id)?.map(Wallet))
    }
}

async fn own(request: &Request, viewer: &Person) -> async_graphql::Result<Option<wallet::Model>> {
    match &request.wallet {
        Some(wallet) => Ok(Some(wallet.clone())),
        None => request.load(WalletOf(viewer.id())).await,
    }
}
