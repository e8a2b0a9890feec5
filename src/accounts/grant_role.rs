//! Granting and revoking roles (P-1).

use super::{acting::holder, rejection, store};
use crate::{
    audit,
    audit::Record,
    db::Txn,
    entity::{
        account,
        enums::{
            AuditAction,
            RestrictionKind::{Closed, Fraud, Suspended},
            Role,
        },
        ids::AccountId,
    },
    error::Result,
    viewer::Viewer,
};

/// Grants `account` a role; granting it again changes nothing.
///
/// # Errors
/// `NOT_FOUND`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn grant_role(txn: &Txn, actor: &Viewer, account: AccountId, role: Role) -> Result<account::Model> {
    // Anyone who has a role cannot close their account, and a closed account gets no role (P-6).
    let holder = holder(txn, account, &[Suspended, Fraud, Closed]).await?;
    if store::insert_role(txn, account, role, actor.id()).await? {
        note(txn, AuditAction::RoleGranted, actor, account, role).await?;
    }
    find(txn, holder.id()).await
}

/// Revokes a role of `account`; revoking it again changes nothing.
///
/// # Errors
/// `NOT_ALLOWED` for the admin's own admin role; `NOT_FOUND`.
pub async fn revoke_role(
    txn: &Txn,
    actor: &Viewer,
    account: AccountId,
    role: Role,
) -> Result<account::Model> {
    if account == actor.id() && role == Role::Admin {
        return Err(rejection::own_admin_role().into());
    }
    // Two admins who revoke each other's role take turns, so that one is left.
    if role == Role::Admin && !store::lock_admins(txn).await?.contains(&actor.id()) {
        return Err(rejection::no_admin_any_more().into());
    }
    let row = find(txn, account).await?;
    if store::delete_role(txn, account, role).await? {
        note(txn, AuditAction::RoleRevoked, actor, account, role).await?;
    }
    find(txn, row.id).await
}

async fn find(txn: &Txn, account: AccountId) -> Result<account::Model> {
    let row = store::find_account(txn, account).await?;
    Ok(row.ok_or_else(|| rejection::no_such_account("accountId"))?)
}

async fn note(txn: &Txn, action: AuditAction, actor: &Viewer, account: AccountId, role: Role) -> Result<()> {
    audit::record(txn, Record::new(action, Some(actor.id())).to(account).on(role.as_str())).await
}
