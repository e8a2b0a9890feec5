//! What many requests ask for at about the same time, read by one statement for all of them.

use std::collections::HashMap;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::FromQueryResult;

use crate::{
    db::{Lookup, Reader, Sql},
    entity::{entry, ids::WalletId},
    error::Result,
};

/// The newest entries of a wallet's history, so many of them, newest first (H-2, H-7). Nothing is found if some of its
/// newest entries do not show there and others further back would: such a history is read alone.
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
            let mut newest: HashMap<WalletId, Vec<entry::Model>> = HashMap::new();
            for row in list_newest_of(db, keys).await? {
                newest.entry(row.wallet_id).or_default().push(row);
            }
            let found = keys.iter().filter_map(|key| Some((*key, shown(newest.get(&key.0)?, key.1)?)));
            Ok(found.collect())
        }
        .boxed()
    }
}

/// The newest entries of each wallet, as many as anyone asks for. They are found by their numbers, which have no gaps, so
/// that nothing else of a history is read, however long it is.
async fn list_newest_of(db: &Reader, keys: &[(WalletId, u64)]) -> Result<Vec<entry::Model>> {
    let mut most: HashMap<WalletId, i64> = HashMap::new();
    for (wallet, limit) in keys {
        let most = most.entry(*wallet).or_default();
        *most = (*most).max(i64::try_from(*limit).unwrap_or(i64::MAX));
    }
    let asked = most.into_iter().map(|(wallet, most)| vec![wallet.into(), most.into()]).collect();
    let sql = Sql::new("WITH asked (wallet, most) AS (").push(Sql::rows(&["wallet", "most"], asked)).push(
        // Not a join with the wallets: PostgreSQL would read all entries of a wallet before it compares their numbers.
        ") SELECT e.* FROM asked JOIN entries e ON e.wallet_id = asked.wallet \
         AND e.seq > (SELECT last_entry_seq FROM wallets WHERE id = asked.wallet) - asked.most \
         ORDER BY e.wallet_id, e.seq DESC",
    );
    Ok(entry::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// The first `limit` of the `newest` entries that show in a history; none if there are too few and older ones may show.
fn shown(newest: &[entry::Model], limit: u64) -> Option<Vec<entry::Model>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let rows: Vec<_> = newest.iter().filter(|row| row.available_change != 0).take(limit).cloned().collect();
    let are_all = newest.last().is_some_and(|oldest| oldest.seq == 1);
    (rows.len() == limit || are_all).then_some(rows)
}
