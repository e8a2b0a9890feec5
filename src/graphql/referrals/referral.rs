//! A friend whom a freelancer referred.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{Currency, ReferralReason, ReferralState},
        ids::{AccountId, ReferralId},
        referral,
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{Date, DateTime, Money},
        },
        referrals::{loaders::EarnedIn, referral_campaign::ReferralCampaign},
    },
    referral_rewards::rules,
    referrals::store,
    viewer::Permission,
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

    /// The name of the friend, as other people see it; null if the friend did not count when they registered.
    async fn friend_name(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        async {
            if self.0.ended_at == Some(self.0.registered_at) {
                return Ok(None);
            }
            Ok(request(ctx).load(self.0.friend_id).await?.map(|account| account.name))
        }
        .await
        .transpose()
    }

    /// The account of the friend; null for anyone but admins, support and auditors.
    async fn friend(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        self.for_staff(ctx, self.0.friend_id).await.transpose()
    }

    /// The account of the referrer; null for anyone but admins, support and auditors.
    async fn referrer(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        self.for_staff(ctx, self.0.referrer_id).await.transpose()
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

    /// What the friend has earned so far, as far as it counts, and no more than the campaign's threshold (C-3, C-4); null once
    /// the referral is over.
    async fn progress(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Money>> {
        async {
            let request = request(ctx);
            if self.0.ended_at.is_some() {
                return Ok(None);
            }
            let earned = request.load(EarnedIn(self.0.id)).await?.unwrap_or_default();
            let Some(campaign) = request.load(self.0.campaign_id).await? else { return Ok(None) };
            let shown = rules::progress_of(earned, campaign.threshold_cents);
            Ok(Some(Money::new(shown, Currency::Usd)))
        }
        .await
        .transpose()
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

impl Referral {
    async fn for_staff(
        &self,
        ctx: &Context<'_>,
        account: AccountId,
    ) -> async_graphql::Result<Option<Account>> {
        let request = request(ctx);
        if !request.viewer.as_ref().is_some_and(|viewer| viewer.may(Permission::ReadPeople)) {
            return Ok(None);
        }
        Ok(request.load(account).await?.map(Account))
    }
}
