//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{ids::AccountId, talent_badge},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many},
    talent_badges::store,
};

/// Loads the badges that a freelancer has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BadgesOf(pub AccountId);

#[async_trait]
impl Loader<BadgesOf> for Batch {
    type Value = Vec<talent_badge::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[BadgesOf]) -> Loaded<BadgesOf, Self::Value> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        many(store::list_held_by(self.db.read(), &accounts).await?, |row| BadgesOf(row.account_id))
    }
}
