//! An admin awards a talent badge (K-1).

use super::{notifications, rejection, store};
use crate::{
    accounts,
    audit::{self, Record},
    connects,
    db::Txn,
    entity::{
        enums::{AuditAction, RestrictionKind, TalentBadgeKind},
        ids::{AccountId, TalentBadgeId},
        talent_badge,
    },
    error::Result,
    input,
    notifications::notify,
    viewer::Viewer,
};

/// Awards a badge to a freelancer, from now on.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_FOUND`, `NOT_A_FREELANCER`, `BADGE_HELD`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn award(
    txn: &Txn,
    admin: &Viewer,
    account: AccountId,
    (kind, reason): (TalentBadgeKind, &str),
) -> Result<TalentBadgeId> {
    let reason = input::text("reason", reason, 1, 500)?;
    let bars = [RestrictionKind::Closed, RestrictionKind::Suspended, RestrictionKind::Fraud];
    let holder = accounts::holder(txn, account, &bars).await?;
    if connects::store::find_wallet_of(txn, holder.id()).await?.is_none() {
        return Err(rejection::not_a_freelancer().into());
    }
    if store::list_held(txn, holder.id()).await?.iter().any(|badge| badge.kind == kind) {
        return Err(rejection::held(kind).into());
    }
    let id = TalentBadgeId::new();
    let badge =
        talent_badge::Model { id, account_id: holder.id(), kind, awarded_at: txn.now(), ended_at: None };
    notify(txn, vec![notifications::awarded(&badge)]).await?;
    store::insert_badge(txn, badge).await?;
    let done = Record::new(AuditAction::TalentBadgeAwarded, Some(admin.id())).to(holder.id());
    audit::record(txn, done.with(serde_json::json!({ "kind": kind, "reason": reason }))).await?;
    Ok(id)
}
