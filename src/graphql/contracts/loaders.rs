//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    contracts::store,
    entity::{
        contract,
        ids::{AccountId, ContractId, JobPostId, OfferId},
        milestone,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads the contract that came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContractOf(pub OfferId);

/// Loads the milestones of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MilestonesOf(pub ContractId);

/// Loads what is in escrow for a freelancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PendingOf(pub AccountId);

/// Loads how many people were hired for a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HiresFor(pub JobPostId);

#[async_trait]
impl Loader<ContractId> for Batch {
    type Value = contract::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ContractId]) -> Loaded<ContractId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<ContractOf> for Batch {
    type Value = contract::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ContractOf]) -> Loaded<ContractOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let offers: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_of_offers(self.db.read(), viewer, &offers).await?, |row| ContractOf(row.offer_id))
    }
}

#[async_trait]
impl Loader<MilestonesOf> for Batch {
    type Value = Vec<milestone::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MilestonesOf]) -> Loaded<MilestonesOf, Self::Value> {
        let contracts: Vec<_> = keys.iter().map(|key| key.0).collect();
        many(store::list_milestones(self.db.read(), &contracts).await?, |row| MilestonesOf(row.contract_id))
    }
}

#[async_trait]
impl Loader<PendingOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PendingOf]) -> Loaded<PendingOf, i64> {
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_pending(self.db.read(), &people).await?;
        Ok(rows.into_iter().map(|(person, cents)| (PendingOf(person), cents)).collect())
    }
}

#[async_trait]
impl Loader<HiresFor> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HiresFor]) -> Loaded<HiresFor, i64> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_hires(self.db.read(), &posts).await?;
        Ok(rows.into_iter().map(|(post, hires)| (HiresFor(post), hires)).collect())
    }
}
