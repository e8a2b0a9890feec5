//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::policy,
    error::Error,
    graphql::kit::loader::{Batch, Loaded},
    policy_versions::store,
};

/// Loads the version that was in force before the one with this number took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionBefore(pub i64);

#[async_trait]
impl Loader<VersionBefore> for Batch {
    type Value = policy::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VersionBefore]) -> Loaded<VersionBefore, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let numbers: Vec<_> = keys.iter().map(|key| key.0).collect();
        let before = store::list_before(self.db.read(), &numbers).await?;
        let wanted: Vec<_> = before.iter().map(|(_, before)| *before).collect();
        let rows = store::list_visible(self.db.read(), viewer, &wanted).await?;
        let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.version, row)).collect();
        let found = |(number, before): (i64, i64)| Some((VersionBefore(number), rows.get(&before)?.clone()));
        Ok(before.into_iter().filter_map(found).collect())
    }
}
