//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{AccountId, PayoutId, PayoutMethodId},
        payout, payout_method, payout_preference,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    payouts::store,
};

/// Loads where the viewer is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MethodOf(pub AccountId);

/// Loads when a person wants to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PreferenceOf(pub AccountId);

/// Loads what is due to an affiliate and what was paid, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorthOf(pub AccountId);

#[async_trait]
impl Loader<MethodOf> for Batch {
    type Value = payout_method::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MethodOf]) -> Loaded<MethodOf, Self::Value> {
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_methods(self.db.read(), &people).await?, |row| MethodOf(row.account_id))
    }
}

#[async_trait]
impl Loader<PreferenceOf> for Batch {
    type Value = payout_preference::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PreferenceOf]) -> Loaded<PreferenceOf, Self::Value> {
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_preferences(self.db.read(), &people).await?, |row| PreferenceOf(row.account_id))
    }
}

#[async_trait]
impl Loader<WorthOf> for Batch {
    type Value = store::Worth;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WorthOf]) -> Loaded<WorthOf, Self::Value> {
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_worth(self.db.read(), &people).await?, |row| WorthOf(row.affiliate_id))
    }
}

#[async_trait]
impl Loader<PayoutId> for Batch {
    type Value = payout::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[PayoutId]) -> Loaded<PayoutId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<PayoutMethodId> for Batch {
    type Value = payout_method::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[PayoutMethodId]) -> Loaded<PayoutMethodId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        one(store::list_visible_methods(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}
