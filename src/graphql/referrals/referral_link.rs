//! A freelancer's link in a campaign.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{ids::ReferralLinkId, referral, referral_link},
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::DateTime,
        },
        referrals::{referral::Referral, referral_campaign::ReferralCampaign},
    },
    referrals::{rules, store},
};

/// A freelancer's personal link in a campaign (C-2). Visible to the freelancer, to admins, support and auditors.
#[derive(Clone)]
pub struct ReferralLink(pub referral_link::Model);

impl Kind for ReferralLink {
    type Key = ReferralLinkId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_links_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A freelancer's personal link in a campaign (C-2). Visible to the freelancer, to admins, support and auditors.
#[Object]
impl ReferralLink {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The campaign.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<ReferralCampaign>> {
        request(ctx).show(self.0.campaign_id, ReferralCampaign).await
    }

    /// What friends pass as `referralCode` when they register.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The path of the link on this server, such as `/join/9f3c2a7d41b0c8e6`: it leads to the site's registration, and the
    /// browser remembers it for 30 days.
    async fn path(&self) -> String {
        rules::path_of(&self.0.code)
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.0.issued_at)
    }

    /// The friends who came through it, the last first.
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Referral>> {
        use referral::Column::{Id, RegisteredAt};
        let request = request(ctx);
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::referrals_by_link(request.person()?, self.0.id);
        let key = |row: &referral::Model| (row.registered_at, row.id);
        Ok(page.load(request, rows, (RegisteredAt, Id), false, key).await?.map(Referral))
    }
}
