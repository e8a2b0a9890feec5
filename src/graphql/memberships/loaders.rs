//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        enums::MembershipPlan,
        ids::{AccountId, WalletId},
        membership, plan_period,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many},
    memberships,
};

/// Loads the membership of a wallet, with its plan periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembershipOf(pub WalletId);

/// Loads the plan that a person is on, unless it is the default one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlanOf(pub AccountId);

/// Loads how many months of a plan that were given to a wallet are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GiftMonthsOf(pub WalletId);

#[async_trait]
impl Loader<GiftMonthsOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[GiftMonthsOf]) -> Loaded<GiftMonthsOf, Self::Value> {
        let wallets: Vec<_> = keys.iter().map(|key| key.0).collect();
        let left = memberships::store::count_gift_months(self.db.read(), &wallets).await?;
        Ok(left.into_iter().map(|(wallet, left)| (GiftMonthsOf(wallet), left)).collect())
    }
}

#[async_trait]
impl Loader<PlanOf> for Batch {
    type Value = MembershipPlan;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PlanOf]) -> Loaded<PlanOf, Self::Value> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let plans = memberships::store::list_plans(self.db.read(), &accounts, self.now).await?;
        Ok(plans.into_iter().map(|(account, plan)| (PlanOf(account), plan)).collect())
    }
}

#[async_trait]
impl Loader<MembershipOf> for Batch {
    type Value = (membership::Model, Vec<plan_period::Model>);
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MembershipOf]) -> Loaded<MembershipOf, Self::Value> {
        let wallets: Vec<_> = keys.iter().map(|key| key.0).collect();
        let periods = memberships::store::list_plan_periods(self.db.read(), &wallets, self.now).await?;
        let mut periods = many(periods, |period| MembershipOf(period.wallet_id))?;
        let rows = memberships::store::list_memberships(self.db.read(), &wallets).await?;
        let with_periods = |row: membership::Model| {
            let key = MembershipOf(row.wallet_id);
            (key, (row, periods.remove(&key).unwrap_or_default()))
        };
        Ok(rows.into_iter().map(with_periods).collect())
    }
}
