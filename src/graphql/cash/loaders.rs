//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    cash::store::{self, Part},
    entity::{
        cash_account, cash_transaction,
        ids::{AccountId, CashTransactionId},
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads the postings of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartsOf(pub CashTransactionId);

#[async_trait]
impl Loader<CashTransactionId> for Batch {
    type Value = cash_transaction::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[CashTransactionId]) -> Loaded<CashTransactionId, Self::Value> {
        one(store::list_transactions(self.db.read(), ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<PartsOf> for Batch {
    type Value = Vec<Part>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PartsOf]) -> Loaded<PartsOf, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        many(store::list_parts(self.db.read(), &ids).await?, |part| PartsOf(part.transaction_id))
    }
}

/// Loads the cash and the debts of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CashOf(pub AccountId);

#[async_trait]
impl Loader<CashOf> for Batch {
    type Value = Vec<cash_account::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CashOf]) -> Loaded<CashOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let people: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for row in store::list_visible(self.db.read(), viewer, &people).await? {
            if let Some(person) = row.account_id {
                found.entry(CashOf(person)).or_default().push(row);
            }
        }
        Ok(found)
    }
}
