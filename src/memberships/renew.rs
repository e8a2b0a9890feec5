//! What becomes of a renewal: a cycle that has begun and that the person is to pay (M-7, M-12).

use super::{
    notifications,
    rules::{self, RenewalMove},
    store,
};
use crate::{
    clock::Instant,
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, PlanBasis},
        ids::{AccountId, WalletId},
        renewal,
    },
    error::{Fault, Result},
    money::Connects,
    notifications::notify,
};

/// Notes that the payment of a renewal begins; `None` if it has begun, or is over.
///
/// # Errors
/// When the database refuses.
pub async fn begin_renewal(
    txn: &Txn,
    wallet: WalletId,
    starts_at: Instant,
) -> Result<Option<renewal::Model>> {
    let Some(row) = store::lock_renewal(txn, wallet, starts_at).await? else { return Ok(None) };
    let Some(state) = RenewalMove::Charge.after(row.state) else { return Ok(None) };
    let row = renewal::Model { state, ..row };
    store::update_renewal(txn, &row).await?;
    Ok(Some(row))
}

/// Issues the paid part of a cycle, `quantity`, now that it is paid, as of the cycle's start; returns the number of its entry.
///
/// # Errors
/// When the database refuses.
pub async fn pay_renewal(
    txn: &Txn,
    (owner, wallet): (AccountId, WalletId),
    (starts_at, quantity): (Instant, Connects),
) -> Result<Option<i64>> {
    advance(txn, wallet, starts_at, RenewalMove::Pay).await?;
    let day = starts_at.date_naive();
    let part = Grant {
        kind: HistoryKind::Membership,
        quantity,
        effective_at: starts_at,
        business_key: format!("{}/{day}", HistoryKind::Membership),
        document: (DocumentKind::Cycle, day.to_string()),
    };
    grant(txn, &part, &connects::ready(txn, WalletSet::of([wallet])).await?).await?;
    notify(txn, vec![notifications::renewed(owner, starts_at, quantity)]).await?;
    connects::store::find_entry_seq(txn, wallet, &part.business_key).await
}

/// Puts `owner` on the free plan from the start of a cycle that could not be paid (M-7, M-12).
///
/// # Errors
/// When the database refuses.
pub async fn fail_renewal(
    txn: &Txn,
    (owner, wallet): (AccountId, WalletId),
    starts_at: Instant,
) -> Result<()> {
    advance(txn, wallet, starts_at, RenewalMove::Fail).await?;
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    let periods = store::list_plan_periods(txn, &[wallet], starts_at).await?;
    let unpaid = |period: &&_| rules::covers(period, starts_at) && period.basis == PlanBasis::Charged;
    if let Some(period) = periods.iter().find(unpaid) {
        store::end_plan_period(txn, period, starts_at).await?;
        notify(txn, vec![notifications::not_renewed(owner, period.plan, starts_at)]).await?;
    }
    Ok(())
}

async fn advance(txn: &Txn, wallet: WalletId, starts_at: Instant, way: RenewalMove) -> Result<()> {
    let missing = || Fault::Broken(format!("wallet {wallet} has no renewal at {starts_at}"));
    let row = store::lock_renewal(txn, wallet, starts_at).await?.ok_or_else(missing)?;
    let wrong = || Fault::Broken(format!("a renewal that is {} cannot {way:?}", row.state));
    let state = way.after(row.state).ok_or_else(wrong)?;
    store::update_renewal(txn, &renewal::Model { state, ..row }).await
}
