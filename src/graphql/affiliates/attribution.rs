//! To whom a registration is attributed, and why.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    affiliates::{self, store},
    entity::{
        attribution,
        enums::{AttributionRefusal, AttributionState, ClickFate},
        ids::AccountId,
    },
    error::Result,
    graphql::{
        affiliates::affiliate_link::AffiliateLink,
        commissions::{commission::Commission, loaders::CommissionBy},
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            scalars::DateTime,
        },
    },
};

/// To whom a registration is attributed that came with a click, or why to nobody (F-4). Nothing attributes it again.
/// Visible to the affiliate, who does not learn who registered, to admins, support and auditors.
#[derive(Clone)]
pub struct Attribution(pub attribution::Model);

impl Kind for Attribution {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.client_id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_attributions(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A click that was considered when a person registered.
#[derive(SimpleObject)]
pub struct ConsideredClick {
    /// When the link was clicked.
    clicked_at: DateTime,
    /// The outcome of the click.
    fate: ClickFate,
    /// The link; null if it is another affiliate's.
    link: Option<AffiliateLink>,
}

/// To whom a registration is attributed that came with a click, or why to nobody (F-4). Nothing attributes it again.
/// Visible to the affiliate, who does not learn who registered, to admins, support and auditors.
#[Object]
impl Attribution {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The link of the last click before the registration.
    async fn link(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<AffiliateLink>> {
        request(ctx).show(self.0.link_id, AffiliateLink).await
    }

    /// When that click was.
    async fn clicked_at(&self) -> DateTime {
        DateTime(self.0.clicked_at)
    }

    /// When the person registered.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.0.registered_at)
    }

    /// The first hire counts strictly before this instant (F-5).
    async fn hire_before(&self) -> DateTime {
        DateTime(self.0.hire_before)
    }

    /// The person's country, as an ISO 3166-1 alpha-2 code.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// The state of the attribution.
    async fn state(&self) -> AttributionState {
        self.0.state
    }

    /// Why the registration counts for nobody; null if it counts.
    async fn refusal(&self) -> Option<AttributionRefusal> {
        self.0.refusal
    }

    /// The commission; null if there is none (yet).
    async fn commission(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Commission>> {
        request(ctx).show(CommissionBy(self.0.client_id), Commission).await
    }

    /// Why this click won: the last hundred clicks of the same browser, newest first, each with its outcome (F-4).
    async fn clicks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ConsideredClick>> {
        let request = request(ctx);
        let clicks = affiliates::explain(request.db.read(), &self.0).await;
        let mut shown = Vec::new();
        for one in clicks.map_err(|error| top_level(request, error))? {
            let link = request.load(one.click.link_id).await?.map(AffiliateLink);
            let clicked_at = DateTime(one.click.clicked_at);
            shown.push(ConsideredClick { clicked_at, fate: one.fate, link });
        }
        Ok(shown)
    }
}
