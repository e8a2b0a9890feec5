//! What many requests ask for at about the same time, read by one statement for all of them.

use std::collections::HashMap;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::FromQueryResult;

use crate::{
    db::{Lookup, Reader, Sql},
    entity::{entry, ids::WalletId},
    error::Result,
};

/// The newest entries of a wallet's history, so many of them, newest first (H-2, H-7).
#[derive(Debug)]
pub struct NewestOf;

impl Lookup for NewestOf {
    type Key = (WalletId, u64);
    type Found = Vec<entry::Model>;

    fn find<'a>(
        db: &'a Reader,
        keys: &'a [Self::Key],
    ) -> BoxFuture<'a, Result<HashMap<Self::Key, Self::Found>>> {
        async move {
            let mut by_limit: HashMap<u64, Vec<WalletId>> = HashMap::new();
            for (wallet, limit) in keys {
                by_limit.entry(*limit).or_default().push(*wallet);
            }
            let mut found: HashMap<_, Vec<_>> = HashMap::new();
            for (limit, wallets) in by_limit {
                for row in list_newest_of(db, &wallets, limit).await? {
                    found.entry((row.wallet_id, limit)).or_default().push(row);
                }
            }
            Ok(found)
        }
        .boxed()
    }
}

/// The newest `limit` entries of each wallet.
async fn list_newest_of(db: &Reader, wallets: &[WalletId], limit: u64) -> Result<Vec<entry::Model>> {
    // From where on is known before they are read: a window function would read whole histories.
    let sql = Sql::new("SELECT e.* FROM wallets w JOIN entries e ON e.wallet_id = w.id AND e.seq >= ");
    let sql = sql.push(format!(
        "COALESCE((SELECT n.seq FROM entries n WHERE n.wallet_id = w.id AND n.available_change <> 0 \
         ORDER BY n.seq DESC LIMIT 1 OFFSET {}), 1) ",
        limit.saturating_sub(1)
    ));
    let sql = sql.push("WHERE w.id IN (").push(Sql::list(wallets.iter().copied()));
    let sql = sql.push(") AND e.available_change <> 0 ORDER BY e.wallet_id, e.seq DESC");
    Ok(entry::Model::find_by_statement(sql.on(db)?).all(db).await?)
}
