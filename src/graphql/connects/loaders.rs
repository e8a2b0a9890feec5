//! What the objects of this slice read many at once.

use std::{collections::HashMap, sync::Arc};

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
    graphql::kit::loader::{Batch, Loaded},
};

/// An entry: what it moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovedBy(pub WalletId, pub i64);

/// A lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LotOf(pub WalletId, pub i64);

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EntryOf(pub WalletId, pub i64);

/// A lot: what moved in or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MovesOf(pub WalletId, pub i64);

/// An account: its wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WalletOf(pub AccountId);

#[async_trait]
impl Loader<WalletId> for Batch {
    type Value = Balance;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletId]) -> Loaded<WalletId, Balance> {
        let rows = connects::balance::balances(self.db.read(), keys, self.now).await?;
        Ok(rows.into_iter().map(|balance| (balance.wallet_id, balance)).collect())
    }
}

#[async_trait]
impl Loader<MovedBy> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovedBy]) -> Loaded<MovedBy, Vec<movement::Model>> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut moved: HashMap<_, Vec<_>> = HashMap::new();
        for row in connects::store::list_moved(self.db.read(), &keys).await? {
            moved.entry(MovedBy(row.wallet_id, row.entry_seq)).or_default().push(row);
        }
        Ok(moved)
    }
}

#[async_trait]
impl Loader<LotOf> for Batch {
    type Value = lot::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[LotOf]) -> Loaded<LotOf, lot::Model> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_lots_by_key(self.db.read(), &keys).await?;
        Ok(rows.into_iter().map(|lot| (LotOf(lot.wallet_id, lot.seq), lot)).collect())
    }
}

#[async_trait]
impl Loader<EntryOf> for Batch {
    type Value = entry::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EntryOf]) -> Loaded<EntryOf, entry::Model> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_entries_by_key(self.db.read(), &keys).await?;
        Ok(rows.into_iter().map(|entry| (EntryOf(entry.wallet_id, entry.seq), entry)).collect())
    }
}

#[async_trait]
impl Loader<MovesOf> for Batch {
    type Value = Vec<movement::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MovesOf]) -> Loaded<MovesOf, Vec<movement::Model>> {
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut moves: HashMap<_, Vec<_>> = HashMap::new();
        for row in connects::store::list_moves_of(self.db.read(), &keys).await? {
            moves.entry(MovesOf(row.wallet_id, row.lot_seq)).or_default().push(row);
        }
        Ok(moves)
    }
}

#[async_trait]
impl Loader<WalletOf> for Batch {
    type Value = wallet::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[WalletOf]) -> Loaded<WalletOf, wallet::Model> {
        let accounts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = connects::store::list_wallets_of(self.db.read(), &accounts).await?;
        Ok(rows.into_iter().map(|wallet| (WalletOf(wallet.account_id), wallet)).collect())
    }
}
