//! A registration that may be fraud.

use async_graphql::{Context, ID, Object, SimpleObject};
use futures_util::future::try_join_all;

use crate::{
    affiliates::{rules::rings::Evidence, store},
    entity::{
        affiliate_flag,
        enums::{FlagKind, FlagState, TraceKind},
        ids::AffiliateFlagId,
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        affiliates::{
            affiliate::Affiliate,
            attribution::Attribution,
            loaders::{AffiliateOf, AttributionOf},
        },
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, int},
        },
    },
};

/// Why a registration that an affiliate brought may be fraud (F-8). Until an admin decides, nothing of its commission locks or
/// is paid. Visible to admins, support and auditors.
#[derive(Clone)]
pub struct AffiliateFlag(pub affiliate_flag::Model);

impl Kind for AffiliateFlag {
    type Key = AffiliateFlagId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_flags(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// The most people of an evidence that are shown.
const SHOWN_AT_MOST: usize = 20;

/// What says that a registration may be fraud (F-8).
#[derive(SimpleObject)]
pub struct FlagEvidence {
    /// With what people were seen who should not belong together.
    shared: Vec<TraceKind>,
    /// Other people who connect them, at most twenty.
    through: Vec<Account>,
    /// How many seconds after the click the person registered; null for other kinds of flags.
    seconds_since_click: Option<i32>,
    /// How many people came from one network, at least; null for other kinds of flags.
    sign_ups: Option<i32>,
    /// The words by which the ad was found; null for other kinds of flags.
    ad_term: Option<String>,
}

/// Why a registration that an affiliate brought may be fraud (F-8). Until an admin decides, nothing of its commission locks or
/// is paid. Visible to admins, support and auditors.
#[Object]
impl AffiliateFlag {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The fraud that it may be.
    async fn kind(&self) -> FlagKind {
        self.0.kind
    }

    /// The state of the flag.
    async fn state(&self) -> FlagState {
        self.0.state
    }

    /// What says so.
    async fn evidence(&self, ctx: &Context<'_>) -> async_graphql::Result<FlagEvidence> {
        let Evidence { shared, through, seconds, sign_ups, term } =
            serde_json::from_str(&self.0.evidence).unwrap_or_default();
        let people =
            try_join_all(through.into_iter().take(SHOWN_AT_MOST).map(|id| request(ctx).load(id))).await?;
        Ok(FlagEvidence {
            shared: shared.into_iter().collect(),
            through: people.into_iter().flatten().map(Account).collect(),
            seconds_since_click: seconds.map(int),
            sign_ups: sign_ups.map(int),
            ad_term: term,
        })
    }

    /// Since when it is known.
    async fn raised_at(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// Who registered.
    async fn client(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        request(ctx).show(self.0.client_id, Account).await
    }

    /// Who brought them.
    async fn affiliate(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Affiliate>> {
        request(ctx).show(AffiliateOf(self.0.affiliate_id), Affiliate).await
    }

    /// The attribution, with its clicks and its commission.
    async fn attribution(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Attribution>> {
        request(ctx).show(AttributionOf(self.0.client_id), Attribution).await
    }

    /// When an admin decided; null until then.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Who decided; null until then.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        request(ctx).show(self.0.decided_by?, Account).await
    }

    /// Why, in words of that admin; null until then.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
}
