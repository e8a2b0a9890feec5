//! An admin ends a talent badge (K-1).

use super::{rejection, store};
use crate::{
    accounts,
    audit::{self, Record},
    db::Txn,
    entity::{enums::AuditAction, ids::TalentBadgeId},
    error::Result,
    input,
    viewer::Viewer,
};

/// Ends a badge now.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_FOUND`, `BADGE_ENDED`.
pub async fn end(txn: &Txn, admin: &Viewer, id: TalentBadgeId, reason: &str) -> Result<TalentBadgeId> {
    let reason = input::text("reason", reason, 1, 500)?;
    let owner = store::find_badge(txn, id).await?.ok_or_else(rejection::no_such_badge)?.account_id;
    let holder = accounts::holder(txn, owner, &[]).await?;
    let badge = store::find_badge(txn, id).await?.ok_or_else(rejection::no_such_badge)?;
    if let Some(ended) = badge.ended_at {
        return Err(rejection::ended(ended).into());
    }
    store::end_badge(txn, id).await?;
    let done = Record::new(AuditAction::TalentBadgeEnded, Some(admin.id())).to(holder.id());
    audit::record(txn, done.with(serde_json::json!({ "kind": badge.kind, "reason": reason }))).await?;
    Ok(id)
}
