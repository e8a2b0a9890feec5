//! Issuing Connects: one lot and one entry for each of any number of wallets.

use super::{rules, store};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::enums::{DocumentKind, EntryKind},
    error::Result,
};

/// What to issue, to each of the chosen wallets alike.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What happened.
    pub kind: EntryKind,
    /// How many Connects each wallet gets.
    pub quantity: i64,
    /// When it counts and when the lot is issued; never later than now.
    pub effective_at: Instant,
    /// Unique in the wallet: a wallet that has an entry with this key gets nothing.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
}

/// Issues `grant` to the wallets that the sub-select `wallets` names, whose rows the caller has locked
/// and whose expired lots are booked. Returns how many wallets really got it.
///
/// # Errors
/// When the database refuses.
pub async fn grant(txn: &Txn, grant: &Grant, wallets: &Sql) -> Result<u64> {
    if grant.quantity == 0 {
        return Ok(0);
    }
    let granted = store::insert_grant_entries(txn, grant, wallets).await?;
    if granted > 0 {
        let expires_at = rules::expiry_of(grant.effective_at);
        store::insert_granted_lots(txn, grant.effective_at, expires_at, wallets).await?;
        store::post_grant(txn, expires_at, wallets).await?;
    }
    Ok(granted)
}
