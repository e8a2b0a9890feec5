//! A person in the affiliate programme.

use async_graphql::{Context, ID, Object};

use crate::{
    affiliates::store,
    commissions,
    entity::{
        affiliate, affiliate_link, attribution, commission,
        enums::{AffiliateReportBy, AffiliateState, CommissionState, Currency},
        ids::AccountId,
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        affiliates::{affiliate_link::AffiliateLink, attribution::Attribution},
        commissions::{commission::Commission, report::AffiliateReport},
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{Date, DateTime, Money, int},
        },
        payouts::loaders::WorthOf,
    },
    payouts::store::Worth,
};

/// A person in the affiliate programme (F-1). Visible to themselves, to admins, support and auditors.
#[derive(Clone)]
pub struct Affiliate(pub affiliate::Model);

impl Kind for Affiliate {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.account_id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

impl Affiliate {
    /// What is owed, on its way, and paid.
    async fn worth(&self, ctx: &Context<'_>) -> async_graphql::Result<(Money, Money, Money)> {
        let worth = request(ctx).load(WorthOf(self.0.account_id)).await?;
        let of = |cents: fn(&Worth) -> i64| Money::new(worth.as_ref().map_or(0, cents), Currency::Usd);
        Ok((of(|it| it.owed), of(|it| it.sent), of(|it| it.paid)))
    }
}

/// A person in the affiliate programme (F-1). Visible to themselves, to admins, support and auditors.
#[Object]
impl Affiliate {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The account.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        request(ctx).show(self.0.account_id, Account).await
    }

    /// The state of the affiliate.
    async fn state(&self) -> AffiliateState {
        self.0.state
    }

    /// Where the affiliate promotes the platform.
    async fn website(&self) -> &str {
        &self.0.website
    }

    /// How, in the affiliate's words.
    async fn promotion(&self) -> &str {
        &self.0.promotion
    }

    /// The version of the terms that the affiliate accepted.
    async fn terms_version(&self) -> i32 {
        int(self.0.terms_version)
    }

    /// When the affiliate applied last.
    async fn applied_at(&self) -> DateTime {
        DateTime(self.0.applied_at)
    }

    /// When the last decision was made; null before the first.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// The reason of the last decision; null if none was given.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What has locked of the commissions and is not paid yet (F-6).
    async fn owed(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        Ok(self.worth(ctx).await?.0)
    }

    /// What of the commissions is on its way (W-1).
    async fn sent(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        Ok(self.worth(ctx).await?.1)
    }

    /// What of the commissions has been paid (W-1).
    async fn paid(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        Ok(self.worth(ctx).await?.2)
    }

    /// What the links have brought in some days, at most 92: clicks, sign-ups, hires and commission (F-2).
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, in UTC.")] from: Date,
        #[graphql(desc = "The last day, in UTC.")] to: Date,
        #[graphql(desc = "What the lines are about.")] by: AffiliateReportBy,
    ) -> async_graphql::Result<AffiliateReport> {
        AffiliateReport::of(request(ctx), self.0.account_id, (from, to), by).await
    }

    /// The links, newest first, including retired ones (F-2).
    async fn links(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AffiliateLink>> {
        use affiliate_link::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::links_of(self.0.account_id);
        let key = |row: &affiliate_link::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(AffiliateLink))
    }

    /// The registrations that came by the links, newest first, also those that count for nobody (F-4). The affiliate sees one
    /// once the person has verified their address, or paid.
    async fn attributions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Attribution>> {
        use attribution::Column::{Id, RegisteredAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let rows = store::attributions_of(request.person()?, self.0.account_id);
        let key = |row: &attribution::Model| (row.registered_at, row.id);
        Ok(page.load(request, rows, (RegisteredAt, Id), false, key).await?.map(Attribution))
    }

    /// The commissions, newest first (F-5).
    async fn commissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<CommissionState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Commission>> {
        use commission::Column::{FundedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = commissions::store::commissions_of(self.0.account_id, state);
        let key = |row: &commission::Model| (row.funded_at, row.id);
        Ok(page.load(request(ctx), rows, (FundedAt, Id), false, key).await?.map(Commission))
    }
}
