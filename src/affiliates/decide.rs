//! An admin decides on an affiliate: approves, rejects, suspends, reinstates, terminates (F-1, F-8).

use super::{
    notifications::decided,
    rejection,
    rules::{self, AffiliateMove},
    store,
};
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{
        affiliate,
        enums::{AffiliateState, AuditAction},
        ids::AccountId,
    },
    error::Result,
    input,
    notifications::notify,
    viewer::Viewer,
};

/// A decision and its reason, which the affiliate sees.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// What is done.
    pub way: AffiliateMove,
    /// Why; an approval and a reinstatement need no reason.
    pub reason: Option<&'a str>,
}

/// Decides on the affiliate `id`. Nobody decides on themselves. A suspension reverses what has not locked yet, by the
/// task `commissions`, and keeps what has.
///
/// # Errors
/// `NOT_FOUND`, `NOT_ALLOWED`, `ILLEGAL_STATE`, `INVALID_INPUT` when the reason is missing.
pub async fn decide(txn: &Txn, admin: &Viewer, id: AccountId, decision: Decision<'_>) -> Result<AccountId> {
    if admin.id() == id {
        return Err(rejection::own_affiliate().into());
    }
    let row = store::lock_affiliate(txn, id).await?.ok_or_else(rejection::no_such_affiliate)?;
    let reason = reason_of(decision)?;
    let state = rules::moved(row.state, decision.way)?;
    // One who is terminated while suspended was suspended before.
    let ends = row.state == AffiliateState::Approved && state != AffiliateState::Approved;
    let suspended_at = if ends { Some(txn.now()) } else { row.suspended_at };
    match decision.way {
        AffiliateMove::Reinstate => store::end_suspension(txn, id).await?,
        _ if ends => store::begin_suspension(txn, id).await?,
        _ => {}
    }
    let changed = affiliate::Model {
        state,
        reason: reason.clone(),
        decided_at: Some(txn.now()),
        decided_by: Some(admin.id()),
        suspended_at,
        ..row
    };
    store::update_affiliate(txn, changed).await?;
    let facts = serde_json::json!({ "state": state, "reason": reason });
    let done = Record::new(AuditAction::AffiliateDecided, Some(admin.id())).to(id);
    audit::record(txn, done.with(facts)).await?;
    notify(txn, vec![decided(id, state, reason.as_deref(), txn.now())]).await?;
    Ok(id)
}

fn reason_of(decision: Decision<'_>) -> Result<Option<String>> {
    let needed = !matches!(decision.way, AffiliateMove::Approve | AffiliateMove::Reinstate);
    match decision.reason {
        None if needed => {
            Err(input::invalid("reason", "This decision needs a reason. Write what the affiliate reads.")
                .into())
        }
        None => Ok(None),
        Some(reason) => Ok(Some(input::text("reason", reason, 1, 500)?)),
    }
}
