//! Becoming a freelancer or a client later (P-1): a person may be either or both.

use super::register::open_wallet;
use crate::{accounts, connects, db::Txn, entity::enums::Profile, error::Result, keys::Keys, viewer::Viewer};

/// Gives `person` a profile. A freelancer's first cycle starts today and its Connects are issued at once
/// (M-4), with the welcome gift that a person gets once for life. A second call changes nothing.
///
/// # Errors
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn add_profile(txn: &Txn, keys: &Keys, person: &Viewer, profile: Profile) -> Result<()> {
    let person = accounts::acting(txn, person.id()).await?;
    match profile {
        Profile::Client => accounts::store::update_client(txn, person.id()).await?,
        Profile::Freelancer => {
            if connects::store::find_wallet_of(txn, person.id()).await?.is_none() {
                open_wallet(txn, keys, person.account()).await?;
            }
        }
    }
    Ok(())
}
