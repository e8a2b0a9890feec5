//! An admin decides that a referrer who is suspended, or has left, gets no reward (P-4); or a referrer gives it up.

use std::collections::HashMap;

use super::{
    judge::{lock, write},
    notifications, rejection,
    rules::{self, ReferralMove, moved},
    store,
};
use crate::{
    accounts,
    audit::{self, Record},
    db::Txn,
    entity::{
        enums::{AuditAction, ReferralReason, ReferralState},
        ids::{AccountId, ReferralId},
    },
    error::Result,
    input,
    notifications::notify,
    viewer::Viewer,
};

/// Ends a referral whose reward is kept for somebody who is suspended or has closed their account. What was reserved is free
/// again.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_FOUND`, `ILLEGAL_STATE`, `REFERRER_NOT_BARRED`.
pub async fn forfeit(txn: &Txn, admin: &Viewer, id: ReferralId, reason: &str) -> Result<ReferralId> {
    let reason = input::text("reason", reason, 1, 500)?;
    let found = store::find_referral(txn, id).await?.ok_or_else(rejection::no_such_referral)?;
    let referrer = accounts::holder(txn, found.referrer_id, &[]).await?;
    let campaign = lock(txn, found.campaign_id).await?;
    let row = store::lock_referral(txn, id).await?.ok_or_else(rejection::no_such_referral)?;
    moved(row.state, ReferralMove::End)?;
    if row.state != ReferralState::Qualified
        || accounts::store::find_restriction(txn, referrer.id(), txn.now()).await?.is_none()
    {
        return Err(rejection::not_kept().into());
    }
    let ended = rules::ended(&campaign, &row, ReferralReason::Forfeited, txn.now());
    notify(txn, notifications::about(&campaign, (None, &ended.row), txn.now()).into_iter().collect()).await?;
    write(txn, campaign.id, &[ended]).await?;
    let done = Record::new(AuditAction::ReferralForfeited, Some(admin.id())).to(referrer.id());
    let facts = serde_json::json!({ "referral": id, "rewardCents": campaign.reward_cents, "reason": reason });
    audit::record(txn, done.with(facts)).await?;
    Ok(id)
}

/// A referrer whose data is erased can never be paid: their referrals end, those with a reward only if they give it up (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn give_up(txn: &Txn, referrer: AccountId, and_rewards: bool) -> Result<()> {
    let mut campaigns = HashMap::new();
    for id in store::list_campaigns_of(txn, referrer).await? {
        campaigns.insert(id, lock(txn, id).await?);
    }
    for row in store::lock_unfinished_by(txn, referrer).await? {
        let Some(campaign) = campaigns.get(&row.campaign_id) else { continue };
        if and_rewards || row.state != ReferralState::Qualified {
            let ended = rules::ended(campaign, &row, ReferralReason::Forfeited, txn.now());
            write(txn, campaign.id, &[ended]).await?;
        }
    }
    Ok(())
}
