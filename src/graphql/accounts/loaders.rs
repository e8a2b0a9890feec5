//! What the objects of this slice read many at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    accounts,
    entity::{account, enums::Role, ids::AccountId, restriction},
    error::Error,
    graphql::kit::loader::{Batch, Loaded},
};

/// An account: why it cannot spend now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RestrictionsOf(pub AccountId);

/// An account: its roles besides that of an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RolesOf(pub AccountId);

#[async_trait]
impl Loader<RestrictionsOf> for Batch {
    type Value = Vec<restriction::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RestrictionsOf]) -> Loaded<RestrictionsOf, Vec<restriction::Model>> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = accounts::store::list_restrictions(self.db.read(), &accounts, self.now).await?;
        let mut restrictions: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            restrictions.entry(RestrictionsOf(row.account_id)).or_default().push(row);
        }
        Ok(restrictions)
    }
}

#[async_trait]
impl Loader<RolesOf> for Batch {
    type Value = Vec<Role>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RolesOf]) -> Loaded<RolesOf, Vec<Role>> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut roles: HashMap<_, Vec<_>> = HashMap::new();
        for row in accounts::store::list_roles(self.db.read(), &accounts).await? {
            roles.entry(RolesOf(row.account_id)).or_default().push(row.role);
        }
        Ok(roles)
    }
}

#[async_trait]
impl Loader<AccountId> for Batch {
    type Value = account::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AccountId]) -> Loaded<AccountId, account::Model> {
        let rows = accounts::store::list_accounts(self.db.read(), keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}
