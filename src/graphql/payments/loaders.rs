//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        enums::PaymentPurpose,
        ids::{MilestoneId, PaymentMethodId},
        payment, payment_method,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    payments::store,
};

/// Loads the last payment for a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaymentFor(pub MilestoneId);

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
        let documents: Vec<_> = keys.iter().map(|key| key.0.0).collect();
        let purpose = PaymentPurpose::Milestone;
        let rows = store::list_last_for(self.db.read(), viewer, purpose, &documents).await?;
        one(rows, |row| PaymentFor(MilestoneId(row.document_id)))
    }
}
