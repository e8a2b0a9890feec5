//! Campaigns: making and ending them, and getting a link.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::{JobCategory, TalentBadgeKind},
    error::{Rejection, Result},
    graphql::{
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::{Date, DateTime, MoneyInput},
        },
        referrals::{referral_campaign::ReferralCampaign, referral_link::ReferralLink},
    },
    referrals::{self, Creating, rules::Terms},
    viewer::Permission::ChangePolicy,
};

/// Input of `joinReferralCampaign`.
#[derive(Debug, InputObject, Serialize)]
pub struct JoinReferralCampaignInput {
    /// The campaign.
    referral_campaign_id: IdOf<ReferralCampaign>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `createReferralCampaign`.
#[derive(Debug, InputObject, Serialize)]
pub struct CreateReferralCampaignInput {
    /// The name, one line of 1 to 100 characters.
    name: String,
    /// The category in which a friend's earnings count; all if omitted.
    category: Option<JobCategory>,
    /// The country of those who may refer, as an ISO 3166-1 alpha-2 code; any if omitted.
    country: Option<String>,
    /// The badge that those who refer need, or a higher one; none if omitted.
    badge: Option<TalentBadgeKind>,
    /// From when on people are referred; at once if omitted.
    opens_at: Option<DateTime>,
    /// The last day, in UTC, on which friends register and reach the threshold.
    deadline: Date,
    /// What a friend must earn.
    threshold: MoneyInput,
    /// The reward for the referrer.
    reward: MoneyInput,
    /// The months of PLUS that a friend is given at registration, up to 24.
    #[graphql(default = 1)]
    gift_months: i32,
    /// What all rewards may cost; at least one reward.
    budget: MoneyInput,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `endReferralCampaign`.
#[derive(Debug, InputObject, Serialize)]
pub struct EndReferralCampaignInput {
    /// The campaign.
    referral_campaign_id: IdOf<ReferralCampaign>,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `joinReferralCampaign`.
#[derive(SimpleObject)]
pub struct JoinReferralCampaignPayload {
    /// The link; null if the request was refused.
    referral_link: Option<ReferralLink>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `createReferralCampaign`.
#[derive(SimpleObject)]
pub struct CreateReferralCampaignPayload {
    /// The campaign; null if the request was refused.
    referral_campaign: Option<ReferralCampaign>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `endReferralCampaign`.
#[derive(SimpleObject)]
pub struct EndReferralCampaignPayload {
    /// The campaign; null if the request was refused.
    referral_campaign: Option<ReferralCampaign>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Campaigns: making and ending them, and getting a link.
#[derive(Default)]
pub struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Gives the signed-in freelancer their personal link in a campaign, without waiting for the invitation (C-2). A second
    /// call returns the same link.
    async fn join_referral_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign.")] input: JoinReferralCampaignInput,
    ) -> Answer<JoinReferralCampaignPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            referrals::join(txn, person, input.referral_campaign_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(JoinReferralCampaignPayload { referral_link: ReferralLink::visible(ctx, id).await?, outcome })
    }

    /// Makes a campaign in which freelancers refer friends (C-1). Its terms never change. For admins.
    async fn create_referral_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who may refer, what counts, and what is given.")]
        input: CreateReferralCampaignInput,
    ) -> Answer<CreateReferralCampaignPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePolicy), async |txn, admin| {
            referrals::create(txn, admin, input.creating()?).await
        });
        let (id, outcome) = done.boxed().await?;
        let referral_campaign = ReferralCampaign::visible(ctx, id).await?;
        Ok(CreateReferralCampaignPayload { referral_campaign, outcome })
    }

    /// Ends a campaign now: nobody is invited or referred any more, and friends of before still count (C-1). For admins.
    async fn end_referral_campaign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign, and why it ends.")] input: EndReferralCampaignInput,
    ) -> Answer<EndReferralCampaignPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePolicy), async |txn, admin| {
            referrals::end(txn, admin, input.referral_campaign_id.key()?, &input.reason).await
        });
        let (id, outcome) = done.boxed().await?;
        let referral_campaign = ReferralCampaign::visible(ctx, id).await?;
        Ok(EndReferralCampaignPayload { referral_campaign, outcome })
    }
}

impl CreateReferralCampaignInput {
    fn creating(&self) -> Result<Creating<'_>, Rejection> {
        Ok(Creating {
            name: &self.name,
            category: self.category,
            country: self.country.as_deref(),
            badge: self.badge,
            opens_at: self.opens_at.map(|at| at.0),
            deadline: self.deadline.0,
            terms: Terms {
                threshold_cents: self.threshold.cents("threshold")?,
                reward_cents: self.reward.cents("reward")?,
                gift_months: self.gift_months.into(),
                budget_cents: self.budget.cents("budget")?,
            },
        })
    }
}
