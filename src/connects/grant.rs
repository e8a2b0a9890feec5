//! Issuing Connects: one lot and one entry for each of any number of wallets.

use super::{Grant, Ready, rules, store};
use crate::{db::Txn, error::Result, money::Connects};

/// Issues `grant` to the wallets `to`. Returns how many wallets received it.
///
/// # Errors
/// When the database refuses.
pub async fn grant(txn: &Txn, grant: &Grant, to: &Ready<'_>) -> Result<u64> {
    if grant.quantity == Connects(0) {
        return Ok(0);
    }
    let wallets = to.wallets();
    let granted = store::insert_grant_entries(txn, grant, wallets).await?;
    if granted > 0 {
        let expires_at = rules::expiry_of(grant.effective_at);
        store::insert_granted_lots(txn, grant.effective_at, expires_at, wallets).await?;
        store::post_grant(txn, expires_at, wallets).await?;
    }
    Ok(granted)
}
