//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{ids::TicketId, ticket},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    tickets::store,
};

#[async_trait]
impl Loader<TicketId> for Batch {
    type Value = ticket::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[TicketId]) -> Loaded<TicketId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}
