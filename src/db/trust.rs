//! Which connections of a pool are reused: only those whose true state is known.
//!
//! The driver keeps its own count of a connection's nested transactions, which is wrong after a COMMIT or ROLLBACK
//! that failed: SQLite has ended the transaction, the driver makes the next BEGIN a savepoint, and what it then
//! reports as committed is in a transaction that never ends. So a connection that is not back outside of any
//! transaction is closed, and so are all that were open when a COMMIT or ROLLBACK failed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::sqlx::{
    Connection, Database,
    pool::{PoolConnectionMetadata, PoolOptions},
};

/// How long a connection has been idle when it is pinged before it is used again.
const IDLE: Duration = Duration::from_secs(1);

/// The instant after which connections must have been opened to be reused. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Trust(Arc<Mutex<Option<Instant>>>);

impl Trust {
    /// Bars all connections that are open now from another transaction.
    pub fn withdraw(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn covers(&self, connection: &PoolConnectionMetadata) -> bool {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_none_or(|since| Instant::now().checked_sub(connection.age).is_some_and(|at| at > since))
    }

    /// A pool that closes connections whose state is not trusted.
    pub fn guard<DB: Database>(&self, pool: PoolOptions<DB>) -> PoolOptions<DB> {
        let (taking, giving) = (self.clone(), self.clone());
        // What was used a moment ago needs no question whether it lives: should its server have gone away since, the first
        // statement finds out, and trust in all the others is withdrawn.
        let pool = pool.test_before_acquire(false).before_acquire(move |connection, metadata| {
            let trusted = taking.covers(&metadata);
            Box::pin(async move {
                let rested = metadata.idle_for >= IDLE;
                let lives = trusted && (!rested || connection.ping().await.is_ok());
                Ok(lives && !connection.is_in_transaction())
            })
        });
        pool.after_release(move |connection, metadata| {
            let trusted = giving.covers(&metadata);
            Box::pin(async move {
                if trusted && connection.is_in_transaction() {
                    connection.ping().await?;
                }
                Ok(trusted && !connection.is_in_transaction())
            })
        })
    }
}
