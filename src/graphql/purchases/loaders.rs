//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    connects,
    entity::{ids::WalletId, lot},
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many},
};

/// Loads the lots that an entry issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LotsOf(pub WalletId, pub i64);

#[async_trait]
impl Loader<LotsOf> for Batch {
    type Value = Vec<lot::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[LotsOf]) -> Loaded<LotsOf, Self::Value> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_lots_issued_by(self.db.read(), &keys).await?;
        many(rows, |row| LotsOf(row.wallet_id, row.entry_seq))
    }
}
