//! An admin ends a campaign before its deadline (C-1).

use super::{rejection, store};
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{enums::AuditAction, ids::ReferralCampaignId},
    error::Result,
    input,
    viewer::Viewer,
};

/// Ends a campaign now: nobody is invited or referred any more. Friends of before can still reach the threshold until the
/// deadline, and their referrers are paid.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_FOUND`, `REFERRAL_CAMPAIGN_OVER`.
pub async fn end(
    txn: &Txn,
    admin: &Viewer,
    id: ReferralCampaignId,
    reason: &str,
) -> Result<ReferralCampaignId> {
    let reason = input::text("reason", reason, 1, 500)?;
    let campaign = store::lock_campaign(txn, id).await?.ok_or_else(rejection::no_such_campaign)?;
    let over = campaign.ended_at.or((campaign.closes_at <= txn.now()).then_some(campaign.closes_at));
    if let Some(over) = over {
        return Err(rejection::over(over).into());
    }
    store::end_campaign(txn, id).await?;
    let done = Record::new(AuditAction::ReferralCampaignEnded, Some(admin.id()));
    let facts = serde_json::json!({ "name": campaign.name, "reason": reason });
    audit::record(txn, done.with(facts)).await?;
    Ok(id)
}
