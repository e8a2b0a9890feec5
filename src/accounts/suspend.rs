//! Suspending an account and lifting the suspension (P-4). A suspended person gets no grant and
//! cannot spend; what the wallet holds goes on ageing.

use super::{rejection, store};
use crate::{
    db::Txn,
    entity::{account, ids::AccountId, suspension},
    error::Result,
    input,
    viewer::Viewer,
};

/// Suspends `account` from now on; a second time changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` is an admin; `NOT_FOUND`; `INVALID_INPUT` for the reason.
pub async fn suspend(txn: &Txn, actor: &Viewer, account: AccountId, reason: &str) -> Result<account::Model> {
    actor.must_be_admin()?;
    let reason = input::text("input.reason", reason, 1, 500)?;
    let row = store::find_account(txn, account).await?;
    let row = row.ok_or_else(|| rejection::no_such_account("input.accountId"))?;
    if store::find_suspension(txn, account, txn.now()).await?.is_none() {
        let actor_id = Some(actor.id());
        let begins =
            suspension::Model { account_id: account, from_at: txn.now(), until_at: None, reason, actor_id };
        store::insert_suspension(txn, begins).await?;
    }
    Ok(row)
}

/// Lifts the suspension of `account` now. Grants missed meanwhile are not made up for (M-9).
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` is an admin; `NOT_FOUND`; `NOT_SUSPENDED`.
pub async fn reinstate(txn: &Txn, actor: &Viewer, account: AccountId) -> Result<account::Model> {
    actor.must_be_admin()?;
    let row = store::find_account(txn, account).await?;
    let row = row.ok_or_else(|| rejection::no_such_account("input.accountId"))?;
    let suspension = store::find_suspension(txn, account, txn.now()).await?;
    store::end_suspension(txn, &suspension.ok_or_else(rejection::not_suspended)?).await?;
    Ok(row)
}
