//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{AccountId, ReferralCampaignId, ReferralId},
        referral_campaign,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    referral_rewards,
    referrals::{self, rules::Candidate},
};

/// Loads what a friend has earned, as far as it counts, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EarnedIn(pub ReferralId);

/// Loads what is known of the signed-in person, who may want to refer friends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CandidateOf(pub AccountId);

#[async_trait]
impl Loader<CandidateOf> for Batch {
    type Value = Candidate;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CandidateOf]) -> Loaded<CandidateOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let candidate = referrals::candidate(self.db.read(), &viewer.0).await?;
        Ok(keys.iter().filter(|key| key.0 == viewer.id()).map(|key| (*key, candidate.clone())).collect())
    }
}

#[async_trait]
impl Loader<ReferralCampaignId> for Batch {
    type Value = referral_campaign::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ReferralCampaignId]) -> Loaded<ReferralCampaignId, Self::Value> {
        one(referrals::store::list_campaigns(self.db.read(), ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<EarnedIn> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EarnedIn]) -> Loaded<EarnedIn, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let earned = referral_rewards::store::list_earned(self.db.read(), &ids).await?;
        Ok(earned.into_iter().map(|(id, cents)| (EarnedIn(id), cents)).collect())
    }
}
