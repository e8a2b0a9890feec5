//! A friend whom a freelancer referred.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{Currency, ReferralReason, ReferralState},
        ids::ReferralId,
        referral,
    },
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{Date, DateTime, Money},
        },
        referrals::{loaders::EarnedIn, referral_campaign::ReferralCampaign},
    },
    referral_rewards::rules,
    referrals::store,
};

/// A friend whom a freelancer referred (C-2, C-3). Visible to the referrer, to admins, support and auditors.
#[derive(Clone)]
pub struct Referral(pub referral::Model);

impl Kind for Referral {
    type Key = ReferralId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A friend whom a freelancer referred (C-2, C-3). Visible to the referrer, to admins, support and auditors.
#[Object]
impl Referral {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The campaign.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<ReferralCampaign>> {
        request(ctx).show(self.0.campaign_id, ReferralCampaign).await
    }

    /// The name of the friend, as other people see it.
    async fn friend_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(request(ctx).load(self.0.friend_id).await?.map(|account| account.name))
    }

    /// When the friend registered.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.0.registered_at)
    }

    /// How it stands. The task `referral-rewards` looks at it once a day.
    async fn state(&self) -> ReferralState {
        self.0.state
    }

    /// Why there is no reward; null unless it has ended.
    async fn reason(&self) -> Option<ReferralReason> {
        self.0.reason
    }

    /// What the friend has earned so far, as far as it counts, and no more than the campaign's threshold (C-3, C-4).
    async fn progress(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Money>> {
        let request = request(ctx);
        let earned = request.load(EarnedIn(self.0.id)).await?.unwrap_or_default();
        let Some(campaign) = request.load(self.0.campaign_id).await? else { return Ok(None) };
        let shown = rules::progress_of(earned, campaign.threshold_cents);
        Ok(Some(Money::new(shown, Currency::Usd)))
    }

    /// When the friend's earnings reached the threshold; null while they have not.
    async fn reached_at(&self) -> Option<DateTime> {
        self.0.reached_at.map(DateTime)
    }

    /// The day on which the reward is paid; null if none is reserved (C-4).
    async fn due_on(&self) -> Option<Date> {
        self.0.due_at.map(|at| Date(at.date_naive()))
    }

    /// When the reward was paid, or when it was clear that there is none; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}
