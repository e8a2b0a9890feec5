//! The digest of the whole ledger in business terms: equal histories have equal digests, on any
//! database, whatever ids and recording times they got.

use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use super::store::{list_clients, list_lines, list_owners};
use crate::error::Result;

/// Wallets read at once.
const WALLETS_AT_ONCE: usize = 200;

/// SHA-256, in hex, over every entry and every lot, by number and by the owner's e-mail address, or the
/// pseudonym that replaced it. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn digest(db: &impl ConnectionTrait) -> Result<String> {
    let mut owners = list_owners(db).await?;
    owners.sort();
    let clients = list_clients(db).await?;
    let mut hasher = Sha256::new();
    for chunk in owners.chunks(WALLETS_AT_ONCE) {
        let lines = list_lines(db, chunk, &clients).await?;
        for (email, wallet) in chunk {
            hasher.update(format!("{email}\n"));
            for (_, line) in lines.get(wallet).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    Ok(hex::encode(hasher.finalize()))
}
