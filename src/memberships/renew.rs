//! What becomes of a renewal: a cycle that has begun and that the person is to pay (M-7, M-12).

use super::{
    notifications,
    rules::{self, RenewalMove},
    store,
};
use crate::{
    clock::{Instant, midnight},
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, MembershipPlan, PlanBasis, RenewalState},
        ids::{AccountId, WalletId},
        renewal,
    },
    error::{Fault, Result},
    money::Connects,
    notifications::notify,
};

/// What is to happen with a renewal that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Its payment begins.
    Charge(MembershipPlan),
    /// It waits: the payment of an earlier cycle is under way.
    Wait,
    /// Nothing: it has begun, or is over now.
    Nothing,
}

/// Decides whether the payment of a renewal begins now; if so, [`begin_renewal`] notes it. A cycle that is over by now lapses
/// (M-14), and one whose plan has ended meanwhile is not paid.
///
/// # Errors
/// When the database refuses.
pub async fn decide_renewal(txn: &Txn, wallet: WalletId, starts_at: Instant) -> Result<Next> {
    let row = store::lock_renewal(txn, wallet, starts_at).await?;
    let Some(row) = row.filter(|row| row.state == RenewalState::Due) else { return Ok(Next::Nothing) };
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    let missing = || Fault::Broken(format!("wallet {wallet} has no membership"));
    let membership = store::find_membership(txn, wallet).await?.ok_or_else(missing)?;
    let periods = store::list_plan_periods(txn, &[wallet], starts_at).await?;
    let charged = rules::period_at(&periods, starts_at).filter(|period| period.basis == PlanBasis::Charged);
    let next = midnight(rules::next_start(starts_at.date_naive(), membership.anchor_day));
    let (is_over, plan) = (next <= txn.now(), row.plan);
    if !is_over && store::is_charging_before(txn, wallet, starts_at).await? {
        return Ok(Next::Wait);
    }
    if charged.is_some_and(|period| !is_over && rules::covers(period, txn.now())) {
        return Ok(Next::Charge(plan));
    }
    advance(txn, row, RenewalMove::GiveUp).await?;
    if let Some(period) = charged.filter(|_| is_over) {
        store::lapse_one(txn, period, (starts_at, next)).await?;
    }
    Ok(Next::Nothing)
}

/// Notes that the payment of a renewal has begun.
///
/// # Errors
/// When the database refuses.
pub async fn begin_renewal(txn: &Txn, wallet: WalletId, starts_at: Instant) -> Result<()> {
    advance(txn, lock(txn, wallet, starts_at).await?, RenewalMove::Charge).await
}

/// Puts `owner` on the free plan from the start of a cycle whose payment cannot begin (M-7). One that has begun meanwhile goes
/// on.
///
/// # Errors
/// When the database refuses.
pub async fn give_up_renewal(
    txn: &Txn,
    (owner, wallet): (AccountId, WalletId),
    starts_at: Instant,
) -> Result<()> {
    let row = store::lock_renewal(txn, wallet, starts_at).await?;
    let Some(row) = row.filter(|row| row.state == RenewalState::Due) else { return Ok(()) };
    advance(txn, row, RenewalMove::GiveUp).await?;
    end_unpaid(txn, (owner, wallet), starts_at).await
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
    advance(txn, lock(txn, wallet, starts_at).await?, RenewalMove::Pay).await?;
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
    advance(txn, lock(txn, wallet, starts_at).await?, RenewalMove::Fail).await?;
    end_unpaid(txn, (owner, wallet), starts_at).await
}

/// Ends the plan of a cycle that is not paid at its start.
async fn end_unpaid(txn: &Txn, (owner, wallet): (AccountId, WalletId), starts_at: Instant) -> Result<()> {
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    let periods = store::list_plan_periods(txn, &[wallet], starts_at).await?;
    let unpaid = |period: &&_| rules::covers(period, starts_at) && period.basis == PlanBasis::Charged;
    if let Some(period) = periods.iter().find(unpaid) {
        store::end_plan_period(txn, period, starts_at).await?;
        notify(txn, vec![notifications::not_renewed(owner, period.plan, starts_at)]).await?;
    }
    Ok(())
}

async fn lock(txn: &Txn, wallet: WalletId, starts_at: Instant) -> Result<renewal::Model> {
    let missing = || Fault::Broken(format!("wallet {wallet} has no renewal at {starts_at}"));
    Ok(store::lock_renewal(txn, wallet, starts_at).await?.ok_or_else(missing)?)
}

async fn advance(txn: &Txn, row: renewal::Model, way: RenewalMove) -> Result<()> {
    let wrong = || Fault::Broken(format!("a renewal that is {} cannot {way:?}", row.state));
    let state = way.after(row.state).ok_or_else(wrong)?;
    store::update_renewal(txn, &renewal::Model { state, ..row }).await
}
