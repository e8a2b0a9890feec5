//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{PromoCodeId, PromoRedemptionId},
        promo_code, promo_redemption,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    promo_codes::store,
};

#[async_trait]
impl Loader<PromoCodeId> for Batch {
    type Value = promo_code::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[PromoCodeId]) -> Loaded<PromoCodeId, Self::Value> {
        one(store::list_codes(self.db.read(), ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<PromoRedemptionId> for Batch {
    type Value = promo_redemption::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[PromoRedemptionId]) -> Loaded<PromoRedemptionId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}
