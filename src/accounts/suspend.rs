//! Suspending an account and lifting the suspension (P-4). A suspended person gets no grant and
//! cannot spend; what the wallet holds goes on ageing.

use super::{rejection, store};
use crate::{
    audit,
    audit::Record,
    db::Txn,
    entity::{account, enums::AuditAction, ids::AccountId, suspension},
    error::Result,
    input,
    viewer::{Permission, Viewer},
};

/// Suspends `account` from now on; a second time changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` may; `NOT_FOUND`; `INVALID_INPUT` for the reason.
pub async fn suspend(txn: &Txn, actor: &Viewer, account: AccountId, reason: &str) -> Result<account::Model> {
    actor.must(Permission::Suspend)?;
    let reason = input::text("input.reason", reason, 1, 500)?;
    let row = store::find_account(txn, account).await?;
    let row = row.ok_or_else(|| rejection::no_such_account("input.accountId"))?;
    if store::find_suspension(txn, account, txn.now()).await?.is_none() {
        let (actor_id, kept) = (Some(actor.id()), reason.clone());
        let begins =
            suspension::Model { account_id: account, from_at: txn.now(), until_at: None, reason, actor_id };
        store::insert_suspension(txn, begins).await?;
        let done = Record::new(AuditAction::AccountSuspended, Some(actor.id())).to(account);
        audit::record(txn, done.with(serde_json::json!({ "reason": kept }))).await?;
    }
    Ok(row)
}

/// Lifts the suspension of `account` now. Grants missed meanwhile are not made up for (M-9).
///
/// # Errors
/// `NOT_ALLOWED` unless `actor` may; `NOT_FOUND`; `NOT_SUSPENDED`.
pub async fn reinstate(txn: &Txn, actor: &Viewer, account: AccountId) -> Result<account::Model> {
    actor.must(Permission::Suspend)?;
    let row = store::find_account(txn, account).await?;
    let row = row.ok_or_else(|| rejection::no_such_account("input.accountId"))?;
    let suspension = store::find_suspension(txn, account, txn.now()).await?;
    store::end_suspension(txn, &suspension.ok_or_else(rejection::not_suspended)?).await?;
    let done = Record::new(AuditAction::AccountReinstated, Some(actor.id())).to(account);
    audit::record(txn, done).await?;
    Ok(row)
}
