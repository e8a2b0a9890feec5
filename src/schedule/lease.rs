//! A lease in the database: one process at a time does something, and a dead process's lease passes on.
//!
//! It is granted and expired by [`Txn::lease_now`], so that setting a machine's clock neither keeps a dead
//! process's lease nor takes that of a live one.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::{rejection, store::leases};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    error::{Fault, Result},
};

/// How long a lease lasts without a heartbeat.
const LIFE: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// A lease that lasts longer than this was granted by a clock that has been set back since, or before the machine was
/// restarted. It is twice a lease's life, because `now` may be older than a lease that another process took meanwhile.
const BEYOND: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

/// The time between two heartbeats.
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
        Self::take_for(db, txn, (name, None)).await
    }

    /// [`Lease::take`], as a refusal when another process holds the lease.
    ///
    /// # Errors
    /// `BUSY`.
    pub async fn must_take(db: &Database, txn: &Txn, name: &str) -> Result<Self> {
        Ok(Self::take(db, txn, name).await?.ok_or_else(|| rejection::busy(name))?)
    }

    /// [`Lease::take`], for an advance of the clock with its goal.
    pub async fn take_for(
        db: &Database,
        txn: &Txn,
        (name, goal): (&str, Option<Instant>),
    ) -> Result<Option<Self>> {
        let holder = uuid::Uuid::now_v7().to_string();
        let now = txn.lease_now().await?;
        let (until, beyond) = (now + LIFE, now + BEYOND);
        if !leases::take_lease(txn, (name, goal), &holder, (now, until, beyond)).await? {
            return Ok(None);
        }
        let heartbeat = tokio::spawn(beat(db.clone(), name.to_owned(), holder.clone()));
        Ok(Some(Self { name: name.to_owned(), holder, heartbeat }))
    }

    /// Checks, in a batch's own transaction, that the lease is still held.
    pub async fn must_hold(&self, txn: &Txn) -> Result<()> {
        if leases::holds_lease(txn, &self.name, &self.holder).await? {
            return Ok(());
        }
        Err(Fault::Busy(format!("the lease of {} passed to another process", self.name)).into())
    }

    /// Gives the lease back in `txn`.
    pub async fn release(&self, txn: &Txn) -> Result<()> {
        leases::delete_lease(txn, &self.name, &self.holder).await
    }
}

/// Whether a lease until `expires_at` is in force at `now`.
pub(super) fn lasts(expires_at: Instant, now: Instant) -> bool {
    now < expires_at && expires_at <= now + BEYOND
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
            let until = txn.lease_now().await? + LIFE;
            leases::renew_lease(txn, &name, &holder, until).await
        });
        if let Err(error) = renewed.await {
            tracing::warn!(lease = name, %error, "a lease could not be renewed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q_3_a_lease_lasts_for_its_life_and_never_longer_whichever_way_a_clock_was_set() {
        let now: Instant = "2026-01-10T00:00:00Z".parse().unwrap();
        let until = |seconds| lasts(now + chrono::TimeDelta::seconds(seconds), now);
        assert_eq!([-10_800, 0, 1, 30, 31, 10_800].map(until), [false, false, true, true, false, false]);
    }
}
