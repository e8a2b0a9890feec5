//! The batches of a run: transactions of their own, or all in one that somebody else owns.

use tokio_util::sync::CancellationToken;

use super::lease::Lease;
use crate::{
    clock::Instant,
    db::{Database, Txn},
    error::{Fault, Result},
};

/// Runs one batch after the other.
#[derive(Debug)]
pub(super) enum Batches<'a> {
    /// Each batch commits on its own, while the lease is held and nobody asked the process to stop.
    Real {
        /// The database.
        db: &'a Database,
        /// The task's lease.
        lease: &'a Lease,
        /// Set when the process is asked to stop.
        stop: &'a CancellationToken,
        /// Do what was due by then; absent: by now.
        as_of: Option<Instant>,
    },
    /// All batches run in this transaction; its owner commits it, or rolls it back after a dry run.
    Within {
        /// The transaction.
        txn: &'a Txn,
    },
}

impl Batches<'_> {
    /// Runs a batch.
    pub async fn next<T>(&mut self, work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone) -> Result<T> {
        match self {
            Self::Within { txn } => work(txn).await,
            Self::Real { stop, .. } if stop.is_cancelled() => Err(Fault::Stopped.into()),
            Self::Real { db, lease, as_of, .. } => {
                let batch = async |txn: &Txn| {
                    lease.must_hold(txn).await?;
                    work(txn).await
                };
                db.write_as_of(*as_of, batch).await
            }
        }
    }
}
