//! Who may act (P-4, P-6), as a type that only this room makes: what a person does is decided while their account is
//! locked, so that nobody can suspend or close it midway.

use super::{rejection, store};
use crate::{
    db::Txn,
    entity::{account, enums::RestrictionKind, ids::AccountId},
    error::Result,
};

/// A person who may act: their account is locked, and it is neither closed nor, unless [`acting_even_suspended`] let it
/// pass, suspended. What they do takes this instead of their id, so that it cannot be decided without the lock.
#[derive(Debug)]
#[must_use]
pub struct Acting(account::Model);

impl Acting {
    /// Their id.
    pub fn id(&self) -> AccountId {
        self.0.id
    }

    /// Their account as it is now.
    pub fn account(&self) -> &account::Model {
        &self.0
    }
}

/// Locks the account of `person`, and refuses a suspended or closed one. Accounts are locked before job posts, and
/// job posts before wallets.
///
/// # Errors
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`; `NOT_FOUND`.
pub async fn acting(txn: &Txn, person: AccountId) -> Result<Acting> {
    let account = lock(txn, person, "").await?;
    match store::find_restriction(txn, person, txn.now()).await? {
        Some((kind, since)) => Err(rejection::restricted(kind, since).into()),
        None => Ok(Acting(account)),
    }
}

/// Locks the account of `person`, who may be suspended: reporting, appealing and leaving stay possible then. Refuses
/// a closed account.
///
/// # Errors
/// `ACCOUNT_CLOSED`; `NOT_FOUND`.
pub async fn acting_even_suspended(txn: &Txn, person: AccountId) -> Result<Acting> {
    let account = lock(txn, person, "").await?;
    match store::find_restriction(txn, person, txn.now()).await? {
        Some((kind @ RestrictionKind::Closed, since)) => Err(rejection::restricted(kind, since).into()),
        _ => Ok(Acting(account)),
    }
}

/// Locks the account of `person`, who may be suspended, but not for fraud: what they do may be done with money that is not
/// theirs. Refuses a closed account.
///
/// # Errors
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`; `NOT_FOUND`.
pub async fn acting_unless_fraud(txn: &Txn, person: AccountId) -> Result<Acting> {
    let account = lock(txn, person, "").await?;
    match store::find_restriction(txn, person, txn.now()).await? {
        Some((kind @ (RestrictionKind::Closed | RestrictionKind::Fraud), since)) => {
            Err(rejection::restricted(kind, since).into())
        }
        _ => Ok(Acting(account)),
    }
}

/// Locks the account `id`, which a member of staff gives something, and refuses one that is under one of `bars`.
///
/// # Errors
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`, `NOT_FOUND`, at `accountId`.
pub async fn holder(txn: &Txn, id: AccountId, bars: &[RestrictionKind]) -> Result<Acting> {
    let account = lock(txn, id, "accountId").await?;
    match store::find_restriction(txn, id, txn.now()).await? {
        Some((kind, since)) if bars.contains(&kind) => Err(rejection::holder_restricted(kind, since).into()),
        _ => Ok(Acting(account)),
    }
}

/// Locks an account and reads it as it is now.
///
/// # Errors
/// `NOT_FOUND` at `field`.
pub(super) async fn lock(txn: &Txn, id: AccountId, field: &str) -> Result<account::Model> {
    Ok(store::lock_account(txn, id).await?.ok_or_else(|| rejection::no_such_account(field))?)
}
