//! Loaders: one statement reads what many rows of a page need, for this request only.

use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::DataLoader,
    runtime::{Timer, TokioSpawner},
};
use futures_util::{FutureExt, future::BoxFuture};

use crate::{clock::Instant, db::Database, error::Error, viewer::Viewer};

/// The most keys of one statement.
const KEYS_AT_ONCE: usize = 200;

/// The loaders of a request.
pub type Loaders = DataLoader<Batch>;

/// Reads many keys at once, as the request's viewer and at the request's time.
pub struct Batch {
    /// The database.
    pub db: Database,
    /// The business time of the request.
    pub now: Instant,
    /// The signed-in person; absent for a visitor.
    pub viewer: Option<Viewer>,
}

impl Batch {
    /// The loaders of a request by `viewer` at `now`.
    pub fn loaders(db: &Database, now: Instant, viewer: Option<Viewer>) -> Loaders {
        let batch = Self { db: db.clone(), now, viewer };
        DataLoader::new(batch, TokioSpawner::current(), OneTurn).max_batch_size(KEYS_AT_ONCE)
    }
}

/// How long a batch waits for keys: until all that can go on without waiting has done so. A timer, even of no time, would
/// wait for the next millisecond.
struct OneTurn;

impl Timer for OneTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        tokio::task::yield_now().boxed()
    }
}

/// What a loader returns.
pub type Loaded<K, V> = Result<HashMap<K, V>, Arc<Error>>;

/// Rows by a key that is unique to each.
///
/// # Errors
/// None; as loaders return it.
pub fn one<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> Loaded<K, V> {
    Ok(rows.into_iter().map(|row| (key(&row), row)).collect())
}

/// Rows grouped by a key that several may share; the rows of each key keep their order.
///
/// # Errors
/// None; as loaders return it.
pub fn many<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> Loaded<K, Vec<V>> {
    let mut found: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        found.entry(key(&row)).or_default().push(row);
    }
    Ok(found)
}
