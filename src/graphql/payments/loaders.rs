//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{enums::PaymentPurpose, ids::PaymentMethodId, payment, payment_method},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    payments::store,
};

/// Loads the last payment for a document of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaymentFor(pub PaymentPurpose, pub uuid::Uuid);

#[async_trait]
impl Loader<PaymentMethodId> for Batch {
    type Value = payment_method::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[PaymentMethodId]) -> Loaded<PaymentMethodId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible_methods(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<PaymentFor> for Batch {
    type Value = payment::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PaymentFor]) -> Loaded<PaymentFor, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let documents: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = store::list_last_for(self.db.read(), viewer, &documents).await?;
        one(rows, |row| PaymentFor(row.purpose, row.document_id))
    }
}
