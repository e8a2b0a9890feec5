//! Wallets: balances, billing cycles, the next grant and the expiry forecast.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::TimeDelta;

use crate::{
    connects::{
        self, Balance,
        rules::ExpiryDay,
        store::{NewestOf, Shown},
    },
    entity::{
        entry,
        enums::{HistoryKind, MembershipPlan, PlanBasis},
        ids::WalletId,
        lot, plan_period, wallet,
    },
    error::Result,
    graphql::{
        connects::{
            history::{HistoryEntry, HistoryWindow},
            loaders::WalletOf,
            lot::Lot,
        },
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{Date, DateTime, OrDefault, int},
        },
        memberships::{
            loaders::GiftMonthsOf,
            membership::{BillingCycle, UpcomingGrant, membership_of},
        },
    },
    input,
    memberships::rules::{self, DEFAULT_PLAN},
};

/// A holder of Connects (P-2). Visible to its owner, and to admins, support and auditors.
#[derive(Clone)]
pub struct Wallet(pub wallet::Model);

impl Wallet {
    /// The wallet of the signed-in freelancer after a mutation that was done; none after a refusal.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of_viewer(ctx: &Context<'_>, is_done: bool) -> async_graphql::Result<Option<Self>> {
        let request = request(ctx);
        match request.viewer.as_ref().filter(|_| is_done) {
            Some(viewer) => request.show(WalletOf(viewer.id()), Wallet).await.transpose(),
            None => Ok(None),
        }
    }
}

impl Kind for Wallet {
    type Key = WalletId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = connects::store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A holder of Connects (P-2). Visible to its owner, and to admins, support and auditors.
#[Object]
impl Wallet {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The Connects that can be spent now; expired lots never count (L-2).
    async fn available(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let request = request(ctx);
        // Until the next lot expires, the wallet's own total is exact.
        if self.0.next_expiry_at.is_none_or(|at| at > request.now) {
            return Ok(int(self.0.available));
        }
        Ok(int(self.balance(request).await?.available))
    }

    /// The Connects held in open auctions; they do not expire while held (A-1, L-7).
    async fn held(&self) -> i32 {
        int(self.0.held)
    }

    /// The Connects that expire within the next 30 days unless they are spent first (H-1).
    async fn expiring_soon(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let request = request(ctx);
        let soon = request.now + TimeDelta::days(connects::balance::EXPIRING_DAYS);
        if self.0.next_expiry_at.is_none_or(|at| at > soon) {
            return Ok(0);
        }
        Ok(int(self.balance(request).await?.expiring))
    }

    /// The spendable Connects at a past instant, as they had been recorded by then (H-5).
    async fn available_as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The instant.")] at: DateTime,
        #[graphql(
            default,
            desc = "Whether to go by when entries counted instead of when they were recorded."
        )]
        as_effective: OrDefault<bool>,
    ) -> async_graphql::Result<i32> {
        let request = request(ctx);
        let then = at.0.min(request.now);
        let available =
            connects::balance::available_at(request.db.read(), self.0.id, then, as_effective.0).await;
        Ok(int(available.map_err(|error| top_level(request, error))?))
    }

    /// The current membership plan (M-1).
    async fn plan(&self, ctx: &Context<'_>) -> async_graphql::Result<MembershipPlan> {
        let request = request(ctx);
        Ok(self.plan_period(request).await?.map_or(DEFAULT_PLAN, |period| period.plan))
    }

    /// The first day after the current plan, if it was cancelled, another one follows, or no month that was given is left; null
    /// while it goes on (M-8, M-10).
    async fn plan_ends_on(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Date>> {
        let period = self.plan_period(request(ctx)).await;
        period.map(|period| Some(Date(period?.until_at?.date_naive()))).transpose()
    }

    /// How the cycles of the current plan are paid; null on the free plan (M-7, M-10).
    async fn plan_basis(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<PlanBasis>> {
        let period = self.plan_period(request(ctx)).await;
        period.map(|period| Some(period?.basis)).transpose()
    }

    /// How many months of a plan that were given to the person are left (M-13).
    async fn gift_months_left(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(int(request(ctx).load(GiftMonthsOf(self.0.id)).await?.unwrap_or_default()))
    }

    /// The current billing cycle (M-2).
    async fn billing_cycle(&self, ctx: &Context<'_>) -> async_graphql::Result<BillingCycle> {
        let request = request(ctx);
        let (membership, _) = membership_of(request, self.0.id).await?;
        let (start, next) = (membership.cycle_started_at, membership.next_grant_at);
        let cycle = rules::cycle_at(start, next, membership.anchor_day, request.now);
        Ok(BillingCycle { starts_on: Date(cycle.starts_on), ends_on: Date(cycle.ends_on) })
    }

    /// The next grant: how many Connects, when, and on what condition (M-5).
    async fn next_grant(&self, ctx: &Context<'_>) -> async_graphql::Result<UpcomingGrant> {
        let request = request(ctx);
        let (membership, periods) = membership_of(request, self.0.id).await?;
        Ok(UpcomingGrant::new(request, &membership, &periods))
    }

    /// How many Connects expire on which day, and what a planned spend would change (L-8).
    async fn expiry_forecast(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "The Connects to spend now, 0 to 1,000,000.")] planned_spend: OrDefault<
            i32,
        >,
    ) -> async_graphql::Result<ExpiryForecast> {
        let request = request(ctx);
        let forecast = async {
            let planned = input::number("plannedSpend", planned_spend.0.into(), 0, 1_000_000)?;
            connects::forecast(request.db.read(), self.0.id, planned, request.now).await
        };
        let forecast = forecast.await.map_err(|error| top_level(request, error))?;
        Ok(ExpiryForecast {
            available: int(forecast.available),
            shortfall: int(forecast.shortfall),
            days: forecast.days.into_iter().map(ExpiringOn::from).collect(),
        })
    }

    /// Live lots in the order in which they will be spent (L-3, L-8).
    async fn lots(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Lot>> {
        use lot::Column::{ExpiresAt, OrderAt, Seq};
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let live = connects::store::live_lots(self.0.id, request.now);
        let key = |row: &lot::Model| (row.order_at, row.expires_at, row.seq);
        let rows = page.load(request, live, (OrderAt, ExpiresAt, Seq), true, key).await?;
        Ok(rows.map(Lot))
    }

    /// The entries of the wallet's history, newest first (H-2).
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only entries that count within this rolling window.")] window: Option<
            HistoryWindow,
        >,
        #[graphql(desc = "Only entries that count at or after this instant.")] from: Option<DateTime>,
        #[graphql(desc = "Only entries that count before this instant.")] to: Option<DateTime>,
        #[graphql(desc = "Only entries of these kinds.")] kinds: Option<Vec<HistoryKind>>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<HistoryEntry>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let is_all = window.is_none() && from.is_none() && to.is_none() && kinds.is_none();
        if let (true, Some((limit, false))) = (is_all, page.at_the_end()) {
            let newest = request.db.find::<NewestOf>((self.0.id, limit)).await;
            if let Some(newest) = newest.map_err(|error| top_level(request, error))? {
                return Ok(page.one_too_many(newest, |row| row.seq).map(HistoryEntry::new));
            }
        }
        let shown = Shown {
            after: window.map(|window| window.since(request.now)),
            from: from.map(|from| from.0),
            to: to.map(|to| to.0),
            kinds,
            ..Shown::default()
        };
        let rows = connects::store::shown_entries(self.0.id, shown);
        let rows = page.load(request, rows, entry::Column::Seq, false, |row| row.seq).await?;
        Ok(rows.map(HistoryEntry::new))
    }
}

impl Wallet {
    /// The plan in force, if it is not the free one.
    async fn plan_period(&self, request: &Request) -> async_graphql::Result<Option<plan_period::Model>> {
        let (_, mut periods) = membership_of(request, self.0.id).await?;
        periods.retain(|period| rules::covers(period, request.now));
        Ok(periods.pop())
    }

    async fn balance(&self, request: &Request) -> async_graphql::Result<Balance> {
        let balance = request.load(self.0.id).await?;
        Ok(balance.unwrap_or(Balance { wallet_id: self.0.id, available: 0, held: 0, expiring: 0 }))
    }
}

/// A calendar of the Connects that will expire (L-8).
#[derive(SimpleObject)]
pub struct ExpiryForecast {
    /// The Connects that can be spent now.
    available: i32,
    /// The Connects that are missing for the planned spend; 0 if there are enough.
    shortfall: i32,
    /// The days on which Connects expire, in order. A lot lives a year, so there are at most a few more than
    /// 366.
    days: Vec<ExpiringOn>,
}

/// The Connects that expire on one day (L-8).
#[derive(SimpleObject)]
pub struct ExpiringOn {
    /// The day, in UTC.
    on: Date,
    /// How many Connects expire without the planned spend.
    quantity: i32,
    /// How many Connects would still expire after the planned spend.
    left: i32,
}

impl From<ExpiryDay> for ExpiringOn {
    fn from(day: ExpiryDay) -> Self {
        Self { on: Date(day.on), quantity: int(day.quantity), left: int(day.left) }
    }
}
