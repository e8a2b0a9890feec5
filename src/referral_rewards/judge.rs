//! Who has earned a reward (C-3, C-5): one campaign at a time, each in a transaction of its own.

use std::collections::HashMap;

use super::{
    notifications,
    rules::{self, Looked},
    store,
};
use crate::{
    db::Txn,
    entity::{enums::ReferralState, ids::ReferralCampaignId, referral, referral_campaign},
    error::{Fault, Result},
    notifications::notify,
    payouts::rules::days::Calendar,
    referrals,
};

/// What a look at a campaign did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Friends who have earned enough and whose reward is reserved.
    pub qualified: u64,
    /// Referrals of which nothing is earned.
    pub ended: u64,
}

/// Looks at the first campaign in which something may have changed; `None` if there is none, or if nothing has: another process
/// was faster.
///
/// # Errors
/// When the database refuses.
pub async fn judge(txn: &Txn) -> Result<Option<Judged>> {
    let Some(id) = store::find_campaign_to_judge(txn).await? else { return Ok(None) };
    let campaign = lock(txn, id).await?;
    let rows = store::lock_changing(txn, &campaign).await?;
    let known = store::know(txn, &rows).await?;
    let holidays = &txn.policy().payouts.holidays;
    let before: HashMap<_, _> = rows.iter().map(|row| (row.id, row.state)).collect();
    let mut looked = rules::look(&campaign, rows, &known, (txn.due_by(), &Calendar { holidays }));
    write(txn, id, &looked).await?;
    if rules::is_settled(&campaign, store::count_qualified(txn, id).await?, txn.due_by()) {
        let waiting = store::lock_waiting(txn, id).await?;
        let vain: Vec<_> = waiting.iter().map(|row| rules::in_vain(&campaign, row, txn.now())).collect();
        write(txn, id, &vain).await?;
        looked.extend(vain);
    }
    if looked.is_empty() {
        return Ok(None);
    }
    let news = looked.iter().filter_map(|one| {
        notifications::about(&campaign, (before.get(&one.row.id).copied(), &one.row), txn.now())
    });
    notify(txn, news.collect()).await?;
    let count = |state| looked.iter().filter(|one| one.row.state == state).count() as u64;
    Ok(Some(Judged { qualified: count(ReferralState::Qualified), ended: count(ReferralState::Ended) }))
}

/// The campaign, locked.
pub(super) async fn lock(txn: &Txn, id: ReferralCampaignId) -> Result<referral_campaign::Model> {
    let found = referrals::store::lock_campaign(txn, id).await?;
    Ok(found.ok_or_else(|| Fault::Broken(format!("no campaign {id}")))?)
}

pub(super) async fn write(txn: &Txn, campaign: ReferralCampaignId, looked: &[Looked]) -> Result<()> {
    store::update_reserved(txn, campaign, looked.iter().map(|one| one.reserves).sum()).await?;
    let rows: Vec<referral::Model> = looked.iter().map(|one| one.row.clone()).collect();
    store::update_referrals(txn, rows).await
}
