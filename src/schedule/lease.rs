//! A lease in the database: one process at a time does a thing, and a dead one's lease passes on.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::store;
use crate::{
    db::{Database, Txn},
    error::{Fault, Result},
};

/// How long a lease lasts without a sign of life.
const LIFE: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// How often its holder gives one.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// A lease held by this process until it is dropped or released.
#[derive(Debug)]
pub(super) struct Lease {
    name: String,
    holder: String,
    heartbeat: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease called `name` in `txn`; `None` when another process holds it.
    pub async fn take(db: &Database, txn: &Txn, name: &str) -> Result<Option<Self>> {
        let holder = uuid::Uuid::now_v7().to_string();
        let now = txn.wall_now().await?;
        if !store::take_lease(txn, name, &holder, now, now + LIFE).await? {
            return Ok(None);
        }
        let heartbeat = tokio::spawn(beat(db.clone(), name.to_owned(), holder.clone()));
        Ok(Some(Self { name: name.to_owned(), holder, heartbeat }))
    }

    /// Makes sure, in a batch's own transaction, that the lease is still held.
    pub async fn must_hold(&self, txn: &Txn) -> Result<()> {
        if store::holds_lease(txn, &self.name, &self.holder).await? {
            return Ok(());
        }
        Err(Fault::Busy(format!("the lease of {} passed to another process", self.name)).into())
    }

    /// Gives the lease back in `txn`.
    pub async fn release(self, txn: &Txn) -> Result<()> {
        store::delete_lease(txn, &self.name, &self.holder).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.heartbeat.abort();
    }
}

async fn beat(db: Database, name: String, holder: String) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        let renewed = db.write(async |txn| {
            let until = txn.wall_now().await? + LIFE;
            store::renew_lease(txn, &name, &holder, until).await
        });
        if let Err(error) = renewed.await {
            tracing::warn!(lease = name, %error, "a lease could not be renewed");
        }
    }
}
