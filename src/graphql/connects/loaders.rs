//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    connects::{self, Balance},
    entity::{
        entry,
        ids::{AccountId, WalletId},
        lot, movement, wallet,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads the movements of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovedBy(pub WalletId, pub i64);

/// Loads a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LotOf(pub WalletId, pub i64);

/// Loads an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryOf(pub WalletId, pub i64);

/// Loads the movements into and out of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovesOf(pub WalletId, pub i64);

/// Loads the wallet of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WalletOf(pub AccountId);

#[async_trait]
impl Loader<WalletId> for Batch {
    type Value = Balance;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletId]) -> Loaded<WalletId, Self::Value> {
        one(connects::balance::balances(self.db.read(), keys, self.now).await?, |row| row.wallet_id)
    }
}

#[async_trait]
impl Loader<MovedBy> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovedBy]) -> Loaded<MovedBy, Self::Value> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_moved(self.db.read(), &keys).await?;
        many(rows, |row| MovedBy(row.wallet_id, row.entry_seq))
    }
}

#[async_trait]
impl Loader<LotOf> for Batch {
    type Value = lot::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[LotOf]) -> Loaded<LotOf, Self::Value> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_lots_by_key(self.db.read(), &keys).await?;
        one(rows, |row| LotOf(row.wallet_id, row.seq))
    }
}

#[async_trait]
impl Loader<EntryOf> for Batch {
    type Value = entry::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EntryOf]) -> Loaded<EntryOf, Self::Value> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_entries_by_key(self.db.read(), &keys).await?;
        one(rows, |row| EntryOf(row.wallet_id, row.seq))
    }
}

#[async_trait]
impl Loader<MovesOf> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovesOf]) -> Loaded<MovesOf, Self::Value> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_moves_of(self.db.read(), &keys).await?;
        many(rows, |row| MovesOf(row.wallet_id, row.lot_seq))
    }
}

#[async_trait]
impl Loader<WalletOf> for Batch {
    type Value = wallet::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletOf]) -> Loaded<WalletOf, Self::Value> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = connects::store::list_wallets_of(self.db.read(), &accounts).await?;
        one(rows, |row| WalletOf(row.account_id))
    }
}
