//! Projects of the catalog, as everyone sees them.

use async_graphql::{Context, ID, Object};

use crate::{
    catalog::store,
    entity::{
        enums::{JobCategory, ProjectState},
        ids::ProjectId,
        project,
    },
    error::Result,
    graphql::{
        contracts::offer::name_of,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
        profiles::{freelancer::Freelancer, loaders::Hireable},
    },
};

/// A freelancer's work at a fixed price, which clients order without a proposal (O-3). Visible to everyone while it can be
/// ordered; otherwise to its freelancer, to those who ordered it, to admins and auditors.
#[derive(Clone)]
pub struct Project(pub project::Model);

impl Kind for Project {
    type Key = ProjectId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let (db, viewer) = (request.db.read(), request.viewer.as_ref());
        let rows = store::list_visible(db, viewer, ids, request.now).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A freelancer's work at a fixed price, which clients order without a proposal (O-3). Visible to everyone while it can be
/// ordered; otherwise to its freelancer, to those who ordered it, to admins and auditors.
#[Object]
impl Project {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What a client gets.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The category.
    async fn category(&self) -> JobCategory {
        self.0.category
    }

    /// What it costs now; pass it as `expectedPrice`. An order keeps the price that it was made at.
    async fn price(&self) -> Money {
        Money::new(self.0.price_cents, self.0.currency)
    }

    /// The state of the project.
    async fn state(&self) -> ProjectState {
        self.0.state
    }

    /// The version, which goes up with each change; pass it to `updateProject`.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The name of the freelancer.
    async fn freelancer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_of(request(ctx), self.0.freelancer_id).await
    }

    /// The public profile of the freelancer; null if they cannot be hired now (P-4).
    async fn freelancer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Freelancer>> {
        request(ctx).show(Hireable(self.0.freelancer_id), Freelancer).await
    }

    /// When the project was published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }
}
