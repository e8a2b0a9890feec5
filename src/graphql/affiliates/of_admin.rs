//! Affiliates, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    affiliates::store,
    entity::{
        affiliate, affiliate_flag, creative,
        enums::{AffiliateState, FlagState},
    },
    graphql::{
        affiliates::{affiliate::Affiliate, creative::AffiliateCreative, flag::AffiliateFlag},
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// Affiliates, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Affiliates, for anyone who may see people.
#[Object(name = "AdminAffiliates")]
impl OfAdmin<'_> {
    /// The affiliates, by the time of their application (F-1). For admins, support and auditors.
    async fn affiliates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<AffiliateState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Affiliate>> {
        use affiliate::Column::{AccountId, AppliedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::visible_in(self.0, state);
        let key = |row: &affiliate::Model| (row.applied_at, row.account_id);
        Ok(page.load(request(ctx), rows, (AppliedAt, AccountId), true, key).await?.map(Affiliate))
    }

    /// All creatives, also those that are retired, by the time of their publication (F-2). For admins; others see those that
    /// they see as affiliates.
    async fn affiliate_creatives(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AffiliateCreative>> {
        use creative::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::creatives_visible_to(self.0);
        let key = |row: &creative::Model| (row.published_at, row.id);
        Ok(page.load(request(ctx), rows, (PublishedAt, Id), true, key).await?.map(AffiliateCreative))
    }

    /// The registrations that may be fraud, oldest first (F-8). For admins, support and auditors.
    async fn affiliate_flags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<FlagState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AffiliateFlag>> {
        use affiliate_flag::Column::{Id, RaisedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::flags_visible_to(self.0, state);
        let key = |row: &affiliate_flag::Model| (row.raised_at, row.id);
        Ok(page.load(request(ctx), rows, (RaisedAt, Id), true, key).await?.map(AffiliateFlag))
    }
}
