//! Issuing Connects: one lot and one entry for each of any number of wallets.

use super::{Grant, Ready, rules, store};
use crate::{
    db::{Sql, Txn},
    error::Result,
    money::Connects,
};

/// Issues `grant` to the wallets `to`. Returns how many wallets received it.
///
/// # Errors
/// When the database refuses.
pub async fn grant(txn: &Txn, grant: &Grant, to: &Ready<'_>) -> Result<u64> {
    grant_where(txn, grant, to, Sql::new("TRUE")).await
}

/// As [`grant`], to those of `to` for which `condition` holds, in which `w` is the wallet's row.
///
/// # Errors
/// When the database refuses.
pub async fn grant_where(txn: &Txn, grant: &Grant, to: &Ready<'_>, condition: Sql) -> Result<u64> {
    if grant.quantity == Connects(0) {
        return Ok(0);
    }
    let wallets = to.wallets();
    let granted = store::insert_grant_entries(txn, grant, wallets, condition).await?;
    if granted > 0 {
        let expires_at = rules::expiry_of(grant.effective_at);
        store::insert_granted_lots(txn, grant.effective_at, expires_at, wallets).await?;
        store::post_grant(txn, grant.quantity, expires_at, wallets).await?;
    }
    Ok(granted)
}
