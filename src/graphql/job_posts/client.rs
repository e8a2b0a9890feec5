//! A client's public profile: their name and what they have done so far (J-5).

use async_graphql::{Context, ID, Object};

use crate::{
    accounts,
    contracts::store::ClientHires,
    entity::{account, enums::Currency, ids::AccountId},
    error::Result,
    graphql::{
        contracts::loaders::HiresBy,
        job_posts::loaders::HistoryOf,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
    },
    job_posts::{self, store::ClientHistory},
};

/// A client's public profile (J-5). Visible to anyone who can see one of their job posts.
#[derive(Clone)]
pub struct Client(pub account::Model);

impl Kind for Client {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let (db, viewer) = (request.db.read(), request.viewer.as_ref());
        let seen = job_posts::store::list_seen_clients(db, viewer, ids, request.now).await?;
        let rows = accounts::store::list_accounts(db, &seen).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A client's public profile (J-5). Visible to anyone who can see one of their job posts.
#[Object]
impl Client {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The name that other people see.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The country, as an ISO 3166-1 alpha-2 code.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// When the client registered.
    async fn member_since(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// How many job posts the client has published.
    async fn post_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.history(request(ctx)).await?.map_or(0, |history| int(history.posts)))
    }

    /// How many of the published job posts are open now.
    async fn open_post_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.history(request(ctx)).await?.map_or(0, |history| int(history.open)))
    }

    /// How many of the published job posts the client cancelled before any contract.
    async fn cancelled_post_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.history(request(ctx)).await?.map_or(0, |history| int(history.cancelled)))
    }

    /// How many proposals the client has received.
    async fn proposal_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.history(request(ctx)).await?.map_or(0, |history| int(history.proposals)))
    }

    /// How many contracts the client has made; an order from the Project Catalog counts once it has been paid.
    async fn hire_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.hires(request(ctx)).await?.map_or(0, |hires| int(hires.hires)))
    }

    /// The share of the published job posts for which the client has hired somebody, in percent, rounded down; null if
    /// they have published none.
    async fn hire_rate_percent(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<i32>> {
        async {
            let posts = self.history(request(ctx)).await?.map_or(0, |history| history.posts);
            let hired = self.hires(request(ctx)).await?.map_or(0, |hires| hires.posts);
            Ok((posts > 0).then(|| int(hired * 100 / posts)))
        }
        .await
        .transpose()
    }

    /// What the client has paid to freelancers: what was released to them and not taken back, before the service fee.
    async fn spent(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let cents = self.hires(request(ctx)).await?.map_or(0, |hires| hires.spent_cents);
        Ok(Money::new(cents, Currency::Usd))
    }

    /// When the client was last active on a job post; null if they have published none.
    async fn last_activity_at(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        let history = self.history(request(ctx)).await.transpose()?;
        Some(history.map(|history| DateTime(history.last_activity_at)))
    }
}

impl Client {
    async fn history(&self, request: &Request) -> async_graphql::Result<Option<ClientHistory>> {
        request.load(HistoryOf(self.0.id)).await
    }

    async fn hires(&self, request: &Request) -> async_graphql::Result<Option<ClientHires>> {
        request.load(HiresBy(self.0.id)).await
    }
}
