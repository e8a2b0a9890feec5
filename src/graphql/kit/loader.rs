//! Loaders: what many rows of a page need is read in one statement, for this request only.

use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use async_graphql::{
    dataloader::DataLoader,
    runtime::{TokioSpawner, TokioTimer},
};

use crate::{clock::Instant, db::Database, error::Error, viewer::Viewer};

/// Keys of one statement at most.
const KEYS_AT_ONCE: usize = 200;

/// The loaders of a request.
pub type Loaders = DataLoader<Batch>;

/// Reads by many keys at once, as the request's viewer, at the request's time.
pub struct Batch {
    /// The database.
    pub db: Database,
    /// Business time of the request.
    pub now: Instant,
    /// Who asks; absent for a visitor.
    pub viewer: Option<Viewer>,
}

impl Batch {
    /// The loaders of a request by `viewer` at `now`.
    pub fn loaders(db: &Database, now: Instant, viewer: Option<Viewer>) -> Loaders {
        let batch = Self { db: db.clone(), now, viewer };
        // Everything that is asked for before the request waits is one batch: no time to be waited.
        DataLoader::new(batch, TokioSpawner::current(), TokioTimer::default())
            .delay(Duration::ZERO)
            .max_batch_size(KEYS_AT_ONCE)
    }
}

/// What a loader reads.
pub type Loaded<K, V> = Result<HashMap<K, V>, Arc<Error>>;

/// Rows by the key that each has alone.
///
/// # Errors
/// None; as loaders return it.
pub fn one<K: Eq + Hash, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> Loaded<K, V> {
    Ok(rows.into_iter().map(|row| (key(&row), row)).collect())
}

/// Rows by the key that some of them share, each key's in their order.
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
