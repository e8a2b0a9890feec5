//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    accounts, catalog,
    entity::{
        account,
        ids::{AccountId, ProjectId},
        project,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
};

/// Loads a freelancer who can be hired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hireable(pub AccountId);

#[async_trait]
impl Loader<Hireable> for Batch {
    type Value = account::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Hireable]) -> Loaded<Hireable, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = accounts::store::list_hireable(self.db.read(), &ids, self.now).await?;
        one(rows, |row| Hireable(row.id))
    }
}

#[async_trait]
impl Loader<ProjectId> for Batch {
    type Value = project::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ProjectId]) -> Loaded<ProjectId, Self::Value> {
        let viewer = self.viewer.as_ref();
        one(catalog::store::list_visible(self.db.read(), viewer, ids, self.now).await?, |row| row.id)
    }
}
