//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    commissions::store,
    entity::{
        commission, commission_lock,
        ids::{AccountId, CommissionId},
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads the commission that a client brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommissionBy(pub AccountId);

/// Loads what has locked of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocksOf(pub CommissionId);

/// Loads what is left of the payment that a commission is on, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExpectedOf(pub CommissionId);

#[async_trait]
impl Loader<CommissionBy> for Batch {
    type Value = commission::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CommissionBy]) -> Loaded<CommissionBy, Self::Value> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        let rows = store::list_by_clients(self.db.read(), viewer, &clients).await?;
        one(rows, |row| CommissionBy(row.client_id))
    }
}

#[async_trait]
impl Loader<LocksOf> for Batch {
    type Value = Vec<commission_lock::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[LocksOf]) -> Loaded<LocksOf, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        many(store::list_locks(self.db.read(), &ids).await?, |row| LocksOf(row.commission_id))
    }
}

#[async_trait]
impl Loader<ExpectedOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ExpectedOf]) -> Loaded<ExpectedOf, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let left = store::list_left(self.db.read(), &ids).await?;
        Ok(left.into_iter().map(|(id, cents)| (ExpectedOf(id), cents)).collect())
    }
}

/// Loads whether a commission is disputed (F-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IsDisputed(pub CommissionId);

#[async_trait]
impl Loader<IsDisputed> for Batch {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[IsDisputed]) -> Loaded<IsDisputed, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let disputed = store::list_in_dispute(self.db.read(), &ids).await?;
        Ok(disputed.into_iter().map(|id| (IsDisputed(id), true)).collect())
    }
}

#[async_trait]
impl Loader<CommissionId> for Batch {
    type Value = commission::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[CommissionId]) -> Loaded<CommissionId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}
