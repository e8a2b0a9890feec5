//! Friends who were referred, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    entity::referral,
    graphql::{
        kit::{
            context::request,
            ids::IdOf,
            page::{PageArgs, Pages},
        },
        referrals::{referral::Referral, referral_campaign::ReferralCampaign},
    },
    referrals::store,
    viewer::Viewer as Person,
};

/// Friends who were referred, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Friends who were referred, for anyone who may see people.
#[Object(name = "AdminReferrals")]
impl OfAdmin<'_> {
    /// The friends who were referred, the last first (C-3). For admins, support and auditors.
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this campaign.")] referral_campaign_id: Option<
            IdOf<ReferralCampaign>,
        >,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Referral>> {
        use referral::Column::{Id, RegisteredAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::seen_by(self.0, referral_campaign_id.map(|id| id.key().ok()));
        let key = |row: &referral::Model| (row.registered_at, row.id);
        Ok(page.load(request(ctx), rows, (RegisteredAt, Id), false, key).await?.map(Referral))
    }
}
