//! Suspending an account and lifting the suspension (P-4). A suspended person gets no grant and
//! cannot spend; the wallet's Connects continue to age.

use super::{acting::lock, rejection, store};
use crate::{
    audit,
    audit::Record,
    db::Txn,
    entity::{
        account,
        enums::{
            AuditAction,
            RestrictionKind::{self, Fraud, Suspended},
        },
        ids::AccountId,
    },
    error::Result,
    input,
    viewer::{Permission, Viewer},
};

/// Suspends `account` from now on; returns whether it was not suspended before. A suspension for fraud comes on top
/// of any other.
///
/// # Errors
/// `NOT_FOUND`, `INVALID_INPUT`.
pub async fn suspend(
    txn: &Txn,
    actor: &Viewer,
    account: AccountId,
    (kind, reason): (RestrictionKind, &str),
) -> Result<bool> {
    let reason = input::text("reason", reason, 1, 500)?;
    let row = lock(txn, account, "accountId").await?;
    must_be_over(txn, actor, &row, kind).await?;
    let restrictions = store::list_restrictions(txn, &[account], txn.now()).await?;
    if restrictions.iter().any(|now| now.kind == kind || (kind == Suspended && now.kind == Fraud)) {
        return Ok(false);
    }
    store::begin_restriction(txn, account, kind, (&reason, actor.id())).await?;
    let done = Record::new(AuditAction::AccountSuspended, Some(actor.id())).to(account).on(kind.as_str());
    audit::record(txn, done.with(serde_json::json!({ "reason": reason }))).await?;
    Ok(true)
}

/// Lifts the suspension of `account` now. Grants missed meanwhile are not made up for (M-9).
///
/// # Errors
/// `NOT_FOUND`; `NOT_SUSPENDED`.
pub async fn reinstate(txn: &Txn, actor: &Viewer, account: AccountId) -> Result<account::Model> {
    let row = lock(txn, account, "accountId").await?;
    let now = store::list_restrictions(txn, &[account], txn.now()).await?;
    let kind = if now.iter().any(|now| now.kind == Fraud) { Fraud } else { Suspended };
    must_be_over(txn, actor, &row, kind).await?;
    if store::end_restrictions(txn, account, &[Suspended, Fraud]).await? == 0 {
        return Err(rejection::not_suspended().into());
    }
    let done = Record::new(AuditAction::AccountReinstated, Some(actor.id())).to(account);
    audit::record(txn, done).await?;
    Ok(row)
}

/// Nobody decides on their own account; and only admins decide on fraud, and on people who have a role.
async fn must_be_over(
    txn: &Txn,
    actor: &Viewer,
    account: &account::Model,
    kind: RestrictionKind,
) -> Result<()> {
    if account.id == actor.id() {
        return Err(rejection::own_suspension().into());
    }
    if kind == Fraud {
        actor.must(Permission::Moderate)?;
    }
    if account.is_admin || !store::list_roles(txn, &[account.id]).await?.is_empty() {
        actor.must(Permission::GrantRoles)?;
    }
    Ok(())
}
