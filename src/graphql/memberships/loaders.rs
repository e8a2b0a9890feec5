//! What the objects of this slice read many at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{ids::WalletId, membership, plan_period},
    error::Error,
    graphql::kit::loader::{Batch, Loaded},
    memberships,
};

/// A wallet: its membership and plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembershipOf(pub WalletId);

#[async_trait]
impl Loader<MembershipOf> for Batch {
    type Value = (membership::Model, Vec<plan_period::Model>);
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MembershipOf]) -> Loaded<MembershipOf, Self::Value> {
        let wallets: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut periods: HashMap<_, Vec<_>> = HashMap::new();
        for period in memberships::store::list_plan_periods(self.db.read(), &wallets, self.now).await? {
            periods.entry(period.wallet_id).or_default().push(period);
        }
        let rows = memberships::store::list_memberships(self.db.read(), &wallets).await?;
        let with_periods = |row: membership::Model| {
            let periods = periods.remove(&row.wallet_id).unwrap_or_default();
            (MembershipOf(row.wallet_id), (row, periods))
        };
        Ok(rows.into_iter().map(with_periods).collect())
    }
}
