//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    accounts,
    entity::{account, ids::AccountId},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    profiles::{rules::Chosen, store},
};

/// Loads a freelancer who can be hired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hireable(pub AccountId);

/// Loads what a freelancer has chosen to show, as far as their plan lets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShownBy(pub AccountId);

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
impl Loader<ShownBy> for Batch {
    type Value = Chosen;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ShownBy]) -> Loaded<ShownBy, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let version = self.db.policy_at(self.now);
        let shown = store::list_in_force(self.db.read(), &ids, (&version.policy, self.now)).await?;
        Ok(shown.into_iter().map(|(account, shown)| (ShownBy(account), shown)).collect())
    }
}
