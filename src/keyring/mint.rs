//! Tokens of any length, minted by command.

use super::{store, watch::reload};
use crate::{
    clock::Instant,
    db::Database,
    entity::ids::AccountId,
    error::{Fault, Result},
    keys::Keys,
};

/// A bearer token for `account`, valid from `now` until `expires_at` (wall time), that belongs to no session. The key
/// that signs it does not retire before.
///
/// # Errors
/// A fault of the database.
pub async fn mint(
    db: &Database,
    keys: &Keys,
    account: AccountId,
    now: Instant,
    expires_at: Instant,
) -> Result<String> {
    // Between reading the ring and signing, another process may rotate the key: once, not twice.
    for _ in 0..2 {
        // The key that signs is the one that was extended, even if the ring is replaced in between.
        let key = keys.ring().bearer.active.clone();
        if db.write(async |txn| store::extend_use(txn, key.id, expires_at).await).await? {
            return key.mint(account, now, expires_at);
        }
        reload(db.read(), keys).await?;
    }
    Err(Fault::Conflict.into())
}
