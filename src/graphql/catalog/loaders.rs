//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    catalog,
    entity::{ids::ProjectId, project},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
};

#[async_trait]
impl Loader<ProjectId> for Batch {
    type Value = project::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ProjectId]) -> Loaded<ProjectId, Self::Value> {
        let viewer = self.viewer.as_ref();
        one(catalog::store::list_visible(self.db.read(), viewer, ids, self.now).await?, |row| row.id)
    }
}
