//! A freelancer's public profile.

use async_graphql::{Context, ID, Object};

use crate::{
    accounts, catalog,
    entity::{account, enums::Currency, ids::AccountId, project},
    error::Result,
    graphql::{
        catalog::project::Project,
        contracts::loaders::EarnedBy,
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Money},
        },
        profiles::loaders::ShownBy,
        talent_badges::talent_badge::TalentBadge,
    },
};

/// A freelancer's public profile. Visible to anyone, as long as the freelancer can be hired (P-4).
#[derive(Clone)]
pub struct Freelancer(pub account::Model);

impl Kind for Freelancer {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let rows = accounts::store::list_hireable(request.db.read(), ids, request.now).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A freelancer's public profile. Visible to anyone, as long as the freelancer can be hired (P-4).
#[Object]
impl Freelancer {
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

    /// When the freelancer registered.
    async fn member_since(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The last part of the profile's address, by which `freelancer` finds it; null unless the freelancer has chosen one and
    /// their plan has it (M-11).
    async fn slug(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        let shown = request(ctx).load(ShownBy(self.0.id)).await;
        shown.map(|shown| shown?.slug).transpose()
    }

    /// What clients have paid to the freelancer: what was released to them and not taken back, before the service fee; null if
    /// the freelancer hides it (M-11).
    async fn earned(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Money>> {
        async {
            let request = request(ctx);
            if request.load(ShownBy(self.0.id)).await?.is_some_and(|shown| shown.hides_earnings) {
                return Ok(None);
            }
            let cents = request.load(EarnedBy(self.0.id)).await?.unwrap_or_default();
            Ok(Some(Money::new(cents, Currency::Usd)))
        }
        .await
        .transpose()
    }

    /// The talent badges that the freelancer has now; at most four (K-1).
    async fn talent_badges(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<TalentBadge>> {
        TalentBadge::held_by(ctx, self.0.id).await
    }

    /// The projects that clients can order, newest first (O-3).
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Project>> {
        use project::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = catalog::store::published_by(self.0.id, request(ctx).now);
        let key = |row: &project::Model| (row.published_at, row.id);
        Ok(page.load(request(ctx), rows, (PublishedAt, Id), false, key).await?.map(Project))
    }
}
