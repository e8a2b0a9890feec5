//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    accounts,
    entity::{account, account_role, ids::AccountId, restriction},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads the restrictions that an account is under now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RestrictionsOf(pub AccountId);

/// Loads the roles of an account, except the admin role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RolesOf(pub AccountId);

#[async_trait]
impl Loader<RestrictionsOf> for Batch {
    type Value = Vec<restriction::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RestrictionsOf]) -> Loaded<RestrictionsOf, Self::Value> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = accounts::store::list_restrictions(self.db.read(), &accounts, self.now).await?;
        many(rows, |row| RestrictionsOf(row.account_id))
    }
}

#[async_trait]
impl Loader<RolesOf> for Batch {
    type Value = Vec<account_role::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RolesOf]) -> Loaded<RolesOf, Self::Value> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = accounts::store::list_roles(self.db.read(), &accounts).await?;
        many(rows, |row| RolesOf(row.account_id))
    }
}

#[async_trait]
impl Loader<AccountId> for Batch {
    type Value = account::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AccountId]) -> Loaded<AccountId, Self::Value> {
        one(accounts::store::list_accounts(self.db.read(), keys).await?, |row| row.id)
    }
}
