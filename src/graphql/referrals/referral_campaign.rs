//! A campaign in which freelancers refer friends.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{Currency, JobCategory, ReferralObstacle, TalentBadgeKind},
        ids::ReferralCampaignId,
        referral_campaign,
    },
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{Date, DateTime, Money, int},
        },
        referrals::loaders::CandidateOf,
    },
    referrals::{rules, store},
    viewer::Permission,
};

/// A campaign in which freelancers refer friends (C-1). Visible to anyone who is signed in.
#[derive(Clone)]
pub struct ReferralCampaign(pub referral_campaign::Model);

impl Kind for ReferralCampaign {
    type Key = ReferralCampaignId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        if request.viewer.is_none() {
            return Ok(Vec::new());
        }
        let rows = store::list_campaigns(request.db.read(), ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A campaign in which freelancers refer friends (C-1). Visible to anyone who is signed in.
#[Object]
impl ReferralCampaign {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The category in which a friend's earnings count; null if all do.
    async fn category(&self) -> Option<JobCategory> {
        self.0.category
    }

    /// The country of those who may refer, as an ISO 3166-1 alpha-2 code; null if it does not matter.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// The badge that those who refer need, or a higher one; null if they need none.
    async fn badge(&self) -> Option<TalentBadgeKind> {
        self.0.badge
    }

    /// From when on people are referred.
    async fn opens_at(&self) -> DateTime {
        DateTime(self.0.opens_at)
    }

    /// The last day, in UTC, on which friends register and reach the threshold (C-5).
    async fn deadline(&self) -> Date {
        Date(rules::deadline_of(&self.0))
    }

    /// When an admin ended it, so that nobody is referred any more; null if none did.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Whether people are referred now.
    async fn is_open(&self, ctx: &Context<'_>) -> bool {
        self.0.is_open(request(ctx).now)
    }

    /// What a friend must earn (C-3).
    async fn threshold(&self) -> Money {
        Money::new(self.0.threshold_cents, Currency::Usd)
    }

    /// The reward for the referrer (C-4).
    async fn reward(&self) -> Money {
        Money::new(self.0.reward_cents, Currency::Usd)
    }

    /// The months of PLUS that a friend is given at registration (C-2).
    async fn gift_months(&self) -> i32 {
        int(self.0.gift_months)
    }

    /// What all rewards may cost; null for anyone but admins, support and auditors.
    async fn budget(&self, ctx: &Context<'_>) -> Option<Money> {
        self.for_staff(ctx, self.0.budget_cents)
    }

    /// What of the budget is reserved or paid; null for anyone but admins, support and auditors.
    async fn reserved(&self, ctx: &Context<'_>) -> Option<Money> {
        self.for_staff(ctx, self.0.reserved_cents)
    }

    /// What keeps the signed-in person from referring friends in this campaign; empty if they may (C-1).
    async fn obstacles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReferralObstacle>> {
        let request = request(ctx);
        let person = request.load(CandidateOf(request.person()?.id())).await?;
        Ok(person.map_or_else(Vec::new, |person| rules::obstacles_of(&self.0, &person, request.now)))
    }
}

impl ReferralCampaign {
    fn for_staff(&self, ctx: &Context<'_>, cents: i64) -> Option<Money> {
        let viewer = request(ctx).viewer.as_ref();
        viewer.filter(|viewer| viewer.may(Permission::ReadPeople)).map(|_| Money::new(cents, Currency::Usd))
    }
}
