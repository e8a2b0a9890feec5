//! Booking lots that have expired (L-5).

use sea_orm::ConnectionTrait;

use super::{WalletSet, store};
use crate::{
    clock::Instant,
    db::Txn,
    error::{Fault, Result},
};

/// Wallets whose expired lots are booked in one transaction.
const WALLETS_AT_ONCE: u64 = 500;

/// Books one expired lot of each of the next wallets that have any, the longest expired first; returns how many
/// `EXPIRED` entries it wrote, `None` when nothing is left to do.
///
/// # Errors
/// When the database refuses; [`Fault::Broken`] when a wallet does not know that one of its lots has expired.
pub async fn expire_due(txn: &Txn) -> Result<Option<u64>> {
    let due = store::list_wallets_with_expired_lots(txn, txn.due_by(), WALLETS_AT_ONCE).await?;
    if due.is_empty() {
        return Ok(None);
    }
    let wallets = WalletSet::of(due);
    store::lock_all(txn, &wallets).await?;
    let booked = store::book_first_expired(txn, &wallets).await?;
    if booked == 0 && store::any_expired(txn, &wallets).await? {
        return Err(unknown_expiry().into());
    }
    // Others may have booked them all before they were locked.
    Ok(Some(booked))
}

/// A wallet's next expiry is not that of its open lots: booking what has expired would never end.
pub(super) fn unknown_expiry() -> Fault {
    Fault::Broken("a wallet's next expiry is not that of its open lots".into())
}

/// The least instant at which an open lot expires: from then on there is something to book.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_expiry(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    store::find_next_expiry(db).await
}
