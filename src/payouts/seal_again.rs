//! After a rotation, details that an older key encrypted are encrypted with the one in use (W-4). Both open meanwhile, so
//! nobody waits.

use sea_orm::ConnectionTrait;

use super::{rejection, store};
use crate::{
    db::Txn,
    error::Result,
    keyring,
    keys::{Keys, Sealed},
};

/// Payout methods of one batch.
const AT_ONCE: u64 = 200;

/// Encrypts details of a batch of payout methods with the key in use; returns how many. Those of a key that this process does
/// not know are left to another.
///
/// # Errors
/// When the database refuses, or details cannot be decrypted.
pub async fn seal_again(txn: &Txn, keys: &Keys) -> Result<u64> {
    keyring::must_be_usable(txn, keys.details_key()).await?;
    let mut done = 0;
    for method in store::list_sealed_otherwise(txn, keys.details_key(), AT_ONCE).await? {
        let (Some(text), Some(_)) = (method.sealed.clone(), keys.ring().find(method.key_id)) else {
            continue;
        };
        let opened = keys.open_details(method.id, &Sealed { key: method.key_id, text })?;
        let sealed = keys.seal_details(method.id, &opened)?;
        store::update_sealed(txn, &method, &sealed).await?;
        done += 1;
    }
    Ok(done)
}

/// Checks that no details are encrypted with another key than the one in use, so that the others can be deleted.
///
/// # Errors
/// `NOT_ALLOWED`.
pub async fn must_be_sealed(db: &impl ConnectionTrait, keys: &Keys) -> Result<()> {
    match store::list_sealed_otherwise(db, keys.details_key(), 1).await?.is_empty() {
        true => Ok(()),
        false => Err(rejection::still_encrypted().into()),
    }
}
