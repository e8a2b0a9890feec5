//! The campaigns in which the signed-in person may refer friends, and whom they have referred.

use async_graphql::{Context, Object};

use crate::{
    entity::{referral, referral_campaign, referral_link},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        referrals::{referral::Referral, referral_campaign::ReferralCampaign, referral_link::ReferralLink},
    },
    referrals::store,
    viewer::Viewer as Person,
};

/// The campaigns in which the signed-in person may refer friends, and whom they have referred.
pub struct OfViewer<'a>(pub &'a Person);

/// The campaigns in which the signed-in person may refer friends, and whom they have referred.
#[Object(name = "ViewerReferrals")]
impl OfViewer<'_> {
    /// All campaigns, the last opened first; `isOpen` and `obstacles` say in which this person may refer friends (C-1).
    async fn referral_campaigns(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<ReferralCampaign>> {
        use referral_campaign::Column::{Id, OpensAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &referral_campaign::Model| (row.opens_at, row.id);
        let rows = store::campaigns();
        Ok(page.load(request(ctx), rows, (OpensAt, Id), false, key).await?.map(ReferralCampaign))
    }

    /// The links of this person in campaigns, the last issued first (C-2).
    async fn referral_links(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<ReferralLink>> {
        use referral_link::Column::{Id, IssuedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &referral_link::Model| (row.issued_at, row.id);
        let rows = store::links_of(self.0.id());
        Ok(page.load(request(ctx), rows, (IssuedAt, Id), false, key).await?.map(ReferralLink))
    }

    /// The friends whom this person has referred, in all campaigns, the last first (C-3).
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Referral>> {
        use referral::Column::{Id, RegisteredAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &referral::Model| (row.registered_at, row.id);
        let rows = store::referrals_of(self.0.id());
        Ok(page.load(request(ctx), rows, (RegisteredAt, Id), false, key).await?.map(Referral))
    }
}
