//! A person cancels their plan, or keeps it after all (M-8, M-13).

use super::{rejection, rules, store};
use crate::{
    accounts::Acting,
    clock::Instant,
    connects::{self, WalletSet},
    db::Txn,
    entity::{ids::WalletId, plan_period},
    error::Result,
};

/// Ends the plan of `person` with the cycle in force, and no later one is charged; returns the wallet and when it ends.
///
/// # Errors
/// `NOT_A_FREELANCER`; `PLAN_UNCHANGED` on the free plan, or if it is cancelled already.
pub async fn cancel_plan(txn: &Txn, person: &Acting) -> Result<(WalletId, Instant)> {
    let (wallet, current) = lock_current(txn, person).await?;
    let membership = store::find_membership(txn, wallet).await?.ok_or_else(rejection::not_a_freelancer)?;
    let current = current.ok_or_else(rejection::nothing_to_cancel)?;
    if let Some(ends_at) = current.until_at {
        return Err(rejection::ends_already(ends_at, current.cancelled_at.is_some()).into());
    }
    let ends_at = rules::next_start_after(&membership, txn.now());
    store::cancel_plan_period(txn, &current, ends_at).await?;
    Ok((wallet, ends_at))
}

/// Lets the plan of `person` go on that they had cancelled; returns the wallet.
///
/// # Errors
/// `NOT_A_FREELANCER`; `PLAN_UNCHANGED` if it is not about to end, or an admin decides on it.
pub async fn keep_plan(txn: &Txn, person: &Acting) -> Result<WalletId> {
    let (wallet, current) = lock_current(txn, person).await?;
    let periods = store::list_plan_periods(txn, &[wallet], txn.now()).await?;
    // What an admin has ended, or put in the place of a plan, is theirs to decide.
    let is_theirs = |period: &plan_period::Model| period.cancelled_at.is_some() && periods.len() == 1;
    let current = current.filter(is_theirs).ok_or_else(rejection::nothing_to_keep)?;
    store::reopen_plan_period(txn, &current).await?;
    Ok(wallet)
}

/// Locks the wallet of `person`; returns it, and the plan in force if it is not the free one.
async fn lock_current(txn: &Txn, person: &Acting) -> Result<(WalletId, Option<plan_period::Model>)> {
    let wallet = connects::store::find_wallet_of(txn, person.id()).await?;
    let wallet = wallet.ok_or_else(rejection::not_a_freelancer)?.id;
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    Ok((wallet, store::find_plan_period(txn, wallet, txn.now()).await?))
}
