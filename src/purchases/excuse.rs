//! An admin lets somebody buy again after a charge-back (B-4).

use super::{rejection, store};
use crate::{
    accounts,
    audit::{self, Record},
    db::Txn,
    entity::{enums::AuditAction, ids::AccountId},
    error::Result,
    input,
    viewer::Viewer,
};

/// Lets `account` buy again, although banks took back what they had paid; what was removed stays removed.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_ALLOWED` for oneself, `NOT_FOUND`, `PURCHASES_NOT_FROZEN`.
pub async fn excuse(txn: &Txn, actor: &Viewer, account: AccountId, reason: &str) -> Result<AccountId> {
    let reason = input::text("reason", reason, 1, 500)?;
    if actor.id() == account {
        return Err(rejection::own_purchases().into());
    }
    let buyer = accounts::holder(txn, account, &[]).await?;
    if store::excuse_all(txn, buyer.id()).await? == 0 {
        return Err(rejection::not_frozen().into());
    }
    let done = Record::new(AuditAction::PurchasesUnfrozen, Some(actor.id())).to(buyer.id());
    audit::record(txn, done.with(serde_json::json!({ "reason": reason }))).await?;
    Ok(buyer.id())
}
