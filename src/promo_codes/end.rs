//! An admin ends a promo code, or says when it ends (B-5).

use super::{rejection, store};
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{enums::AuditAction, ids::PromoCodeId},
    error::Result,
    viewer::Viewer,
};

/// Ends a code at `at`, or now. What was kept for a payment that is under way can still be used.
///
/// # Errors
/// `NOT_FOUND`, `INVALID_INPUT`, `PROMO_CODE_EXPIRED`.
pub async fn end(txn: &Txn, admin: &Viewer, id: PromoCodeId, at: Option<Instant>) -> Result<PromoCodeId> {
    let code = store::lock_code(txn, id).await?.ok_or_else(rejection::no_such_code)?;
    if let Some(ended) = code.ends_at.filter(|end| *end <= txn.now()) {
        return Err(rejection::over(ended).into());
    }
    let at = at.unwrap_or(txn.now());
    if at < txn.now() {
        return Err(rejection::ends_early().into());
    }
    if let Some(end) = code.ends_at.filter(|end| at > *end) {
        return Err(rejection::ends_late(end).into());
    }
    store::end_code(txn, id, at).await?;
    let facts = serde_json::json!({ "code": code.code, "endsAt": at });
    audit::record(txn, Record::new(AuditAction::PromoCodeEnded, Some(admin.id())).with(facts)).await?;
    Ok(id)
}
