//! Wallets that are ready for an issue of Connects, as a type that only this room makes.

use std::marker::PhantomData;

use super::{WalletSet, store};
use crate::{
    db::Txn,
    entity::{
        ids::{AccountId, WalletId},
        wallet,
    },
    error::Result,
};

/// Wallets that the transaction `'t` has locked, in the order of their ids, and whose expired lots are booked, so that
/// an expiry always comes before later entries in the history.
///
/// A set that a SELECT names is read again by each statement that uses it. It must therefore depend on nothing that
/// others can change while these wallets are locked.
#[derive(Debug)]
#[must_use]
pub struct Ready<'t>(WalletSet, PhantomData<&'t Txn>);

impl Ready<'_> {
    /// The wallets.
    pub fn wallets(&self) -> &WalletSet {
        &self.0
    }
}

/// Locks `wallets` in the order of their ids, and books their expired lots.
///
/// # Errors
/// When the database refuses.
pub async fn ready(txn: &Txn, wallets: WalletSet) -> Result<Ready<'_>> {
    if store::lock_and_find_expiry(txn, &wallets).await?.is_some_and(|at| at <= txn.now()) {
        store::book_expired(txn, &wallets).await?;
    }
    Ok(Ready(wallets, PhantomData))
}

/// Opens an empty wallet for `account`. Nobody else sees it before this transaction ends, and it has nothing that
/// could have expired.
///
/// # Errors
/// When the database refuses.
pub async fn open(txn: &Txn, account: AccountId) -> Result<(WalletId, Ready<'_>)> {
    let id = WalletId::new();
    let wallet = wallet::Model {
        id,
        account_id: account,
        available: 0,
        held: 0,
        last_entry_seq: 0,
        last_lot_seq: 0,
        next_expiry_at: None,
        last_recorded_at: txn.now(),
        created_at: txn.now(),
    };
    store::insert_wallet(txn, wallet).await?;
    Ok((id, Ready(WalletSet::of([id]), PhantomData)))
}
