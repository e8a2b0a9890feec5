//! To whom a registration is attributed, and why.

use async_graphql::{Context, ID, Object};

use crate::{
    affiliates::{
        rules,
        store::{self, Beside},
    },
    entity::{
        attribution, click,
        enums::{AttributionRefusal, AttributionState, ClickFate},
        ids::AttributionId,
    },
    error::Result,
    graphql::{
        affiliates::{affiliate_link::AffiliateLink, loaders::ClicksBeside},
        commissions::{commission::Commission, loaders::CommissionBy},
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{Date, DateTime},
        },
    },
};

/// To whom a registration is attributed that came with a click, or why to nobody (F-4). Nothing attributes it again.
/// Visible to the affiliate, once the person has verified their address or paid, without who they are; and to admins,
/// support and auditors.
#[derive(Clone)]
pub struct Attribution(pub attribution::Model);

impl Kind for Attribution {
    type Key = AttributionId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_by_id(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A click of the browser that brought a person, and its outcome.
pub struct ConsideredClick {
    click: click::Model,
    fate: ClickFate,
}

/// A click of the browser that brought a person, and its outcome.
#[Object]
impl ConsideredClick {
    /// When the link was clicked.
    async fn clicked_at(&self) -> DateTime {
        DateTime(self.click.clicked_at)
    }

    /// The outcome of the click.
    async fn fate(&self) -> ClickFate {
        self.fate
    }

    /// The link; null if it is another affiliate's.
    async fn link(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<AffiliateLink>> {
        request(ctx).show(self.click.link_id, AffiliateLink).await
    }
}

/// To whom a registration is attributed that came with a click, or why to nobody (F-4). Nothing attributes it again.
/// Visible to the affiliate, once the person has verified their address or paid, without who they are; and to admins,
/// support and auditors.
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

    /// The day on which the person registered, in UTC.
    async fn registered_on(&self) -> Date {
        Date(self.0.registered_at.date_naive())
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
        let clicks = request(ctx).load(ClicksBeside(self.0.client_id)).await?.unwrap_or_default();
        let considered = |one: Beside| {
            let fate = rules::fate_of(&one.click, &self.0);
            ConsideredClick { click: one.click, fate }
        };
        Ok(clicks.into_iter().map(considered).collect())
    }
}
