//! What an affiliate earns by a new client.

use async_graphql::{Context, ID, Object};

use crate::{
    commissions::{
        rules::{self, Terms},
        store,
    },
    entity::{
        commission, commission_lock,
        enums::{CommissionReason, CommissionState, Currency},
        ids::{CommissionId, CommissionLockId},
    },
    error::Result,
    graphql::{
        affiliates::{
            affiliate::Affiliate,
            affiliate_link::AffiliateLink,
            attribution::Attribution,
            loaders::{AffiliateOf, AttributionOf, IsUnderReview},
        },
        commissions::loaders::{ExpectedOf, IsDisputed, LocksOf},
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
        payouts::payout::Payout,
    },
};

/// What an affiliate earns by a new client (F-5, F-6). Visible to the affiliate, to admins, support and auditors.
#[derive(Clone)]
pub struct Commission(pub commission::Model);

impl Kind for Commission {
    type Key = CommissionId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

impl Commission {
    fn money(&self, cents: i64) -> Money {
        Money::new(cents, self.0.currency)
    }
}

/// What an affiliate earns by a new client (F-5, F-6). Visible to the affiliate, to admins, support and auditors.
#[Object]
impl Commission {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// Who earns it.
    async fn affiliate(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Affiliate>> {
        request(ctx).show(AffiliateOf(self.0.affiliate_id), Affiliate).await
    }

    /// The link that brought the client.
    async fn link(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<AffiliateLink>> {
        request(ctx).show(self.0.link_id, AffiliateLink).await
    }

    /// Why the client counts as this affiliate's (F-4).
    async fn attribution(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Attribution>> {
        request(ctx).show(AttributionOf(self.0.client_id), Attribution).await
    }

    /// The state of the commission.
    async fn state(&self) -> CommissionState {
        self.0.state
    }

    /// Why nothing, or nothing more, is earned; null while something is.
    async fn reason(&self) -> Option<CommissionReason> {
        self.0.reason
    }

    /// The client's first payment, of which the commission is a share (F-5).
    async fn base(&self) -> Money {
        self.money(self.0.base_cents)
    }

    /// The share of it, in hundredths of a percent.
    async fn rate_basis_points(&self) -> i32 {
        int(self.0.rate_basis_points)
    }

    /// The most that a commission can be.
    async fn cap(&self) -> Money {
        self.money(self.0.cap_cents)
    }

    /// The number of the policy version that share and cap come from.
    async fn policy_version(&self) -> i32 {
        int(self.0.policy_version)
    }

    /// What the whole commission will be if nothing more is refunded; once nothing more can lock, what has locked.
    async fn expected(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        if self.0.state != CommissionState::Pending {
            return Ok(self.money(self.0.locked_cents));
        }
        let left = request(ctx).load(ExpectedOf(self.0.id)).await?.unwrap_or(self.0.base_cents);
        Ok(self.money(Terms::in_force(&self.0).earned(left).max(self.0.locked_cents)))
    }

    /// What has locked, and does not change any more (F-6).
    async fn locked(&self) -> Money {
        self.money(self.0.locked_cents)
    }

    /// When the client paid.
    async fn funded_at(&self) -> DateTime {
        DateTime(self.0.funded_at)
    }

    /// The end of the month at which what has been released by then locks; null if nothing more can lock.
    async fn next_lock_at(&self) -> Option<DateTime> {
        self.0.next_lock_at.map(DateTime)
    }

    /// Since when nothing more can lock; null while something can.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Whether an admin has yet to decide if it is fraud; until then nothing locks or is paid (F-8).
    async fn is_under_review(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(request(ctx).load(IsUnderReview(self.0.client_id)).await?.unwrap_or_default())
    }

    /// Whether the affiliate disputes it by a ticket that is not closed; until then nothing locks (F-10).
    async fn is_disputed(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(request(ctx).load(IsDisputed(self.0.id)).await?.unwrap_or_default())
    }

    /// What has locked at the ends of months, the earliest first.
    async fn locks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CommissionLock>> {
        let locks = request(ctx).load(LocksOf(self.0.id)).await?.unwrap_or_default();
        Ok(locks.into_iter().map(CommissionLock).collect())
    }

    /// How the amounts and the dates come about, sentence by sentence (F-5, F-6).
    async fn explanation(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        let locks = request(ctx).load(LocksOf(self.0.id)).await?.unwrap_or_default();
        let held = rules::explanation::Held {
            is_under_review: self.is_under_review(ctx).await?,
            is_disputed: self.is_disputed(ctx).await?,
        };
        Ok(rules::explanation::of(&self.0, &locks, held))
    }
}

/// A part of a commission that has locked (F-6).
#[derive(Clone)]
pub struct CommissionLock(pub commission_lock::Model);

impl Kind for CommissionLock {
    type Key = CommissionLockId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_locks(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A part of a commission that has locked (F-6). Visible like the commission.
#[Object]
impl CommissionLock {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The end of the month at which it locked.
    async fn locked_at(&self) -> DateTime {
        DateTime(self.0.locked_at)
    }

    /// What had been released of the client's payment by then, and not taken back.
    async fn released(&self) -> Money {
        Money::new(self.0.released_cents, Currency::Usd)
    }

    /// What locked: the commission on that, less what had locked before.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, Currency::Usd)
    }

    /// When it is due.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// The payout that pays it; null until there is one, and after it has failed.
    async fn payout(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Payout>> {
        request(ctx).show(self.0.payout_id?, Payout).await
    }

    /// The commission.
    async fn commission(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Commission>> {
        request(ctx).show(self.0.commission_id, Commission).await
    }
}
