//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::policy,
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    policy_versions::store,
};

/// Loads the version with this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionOf(pub i64);

#[async_trait]
impl Loader<VersionOf> for Batch {
    type Value = policy::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VersionOf]) -> Loaded<VersionOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        let numbers: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_visible(self.db.read(), viewer, &numbers).await?, |row| VersionOf(row.version))
    }
}
