//! Booking lots that have expired (L-5).

use sea_orm::ConnectionTrait;

use super::{WalletSet, store};
use crate::{clock::Instant, db::Txn, error::Result};

/// Wallets whose expired lots are booked in one transaction.
const WALLETS_AT_ONCE: u64 = 500;

/// Books the expired lots of the next wallets that have any, the longest expired first; returns how many `EXPIRED`
/// entries it wrote, `None` when nothing is left to do.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(txn: &Txn) -> Result<Option<u64>> {
    let due = store::list_wallets_with_expired_lots(txn, txn.due_by(), WALLETS_AT_ONCE).await?;
    if due.is_empty() {
        return Ok(None);
    }
    let wallets = WalletSet::of(due);
    store::lock_all(txn, &wallets).await?;
    // None, if others have booked them all before they were locked.
    store::book_expired(txn, &wallets).await.map(Some)
}

/// The least instant at which an open lot expires: from then on there is something to book.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_expiry(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    store::find_next_expiry(db).await
}
