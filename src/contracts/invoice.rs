//! A freelancer invoices hours (O-2): an invoice is a milestone that was not agreed before. Its client funds and releases
//! it like any other, or leaves it.

use super::{
    begin::pending,
    notifications::invoiced,
    rejection,
    rules::{self, Move, terms},
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        enums::MilestoneState,
        ids::{ContractId, MilestoneId},
        milestone,
        values::Part,
    },
    error::Result,
    notifications::notify,
    viewer::Viewer,
};

/// Invoices `minutes` of work on an hourly contract of `freelancer`; `title` says what was done.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `CONTRACT_NOT_HOURLY`, `INVALID_INPUT`, `TOO_MANY_INVOICES`; `ACCOUNT_SUSPENDED`,
/// `ACCOUNT_CLOSED`.
pub async fn invoice(
    txn: &Txn,
    freelancer: &Viewer,
    id: ContractId,
    title: String,
    minutes: i64,
) -> Result<MilestoneId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let contract = store::lock_contract(txn, id).await?.ok_or_else(rejection::no_such_contract)?;
    if contract.freelancer_id != freelancer.id() {
        return Err(rejection::no_such_contract().into());
    }
    rules::must_be_active(contract.state)?;
    let hourly_cents = contract.hourly_cents.ok_or_else(rejection::contract_not_hourly)?;
    let amount_cents = terms::checked_bill(minutes, hourly_cents)?;
    let parts = store::list_milestones(txn, &[id]).await?;
    must_be_few(&parts)?;
    let number = parts.last().map_or(1, |last| last.number + 1);
    let row = pending(id, number, Part { title, amount_cents }, Some(minutes));
    let (milestone, notification) = (row.id, invoiced(&contract, row.id, txn.now()));
    store::insert_milestones(txn, vec![row]).await?;
    notify(txn, vec![notification]).await?;
    Ok(milestone)
}

/// Checks that not too many invoices wait for their client, and that the list of all of them stays short.
fn must_be_few(parts: &[milestone::Model]) -> Result<()> {
    let most = rules::INVOICES_AT_MOST;
    let waiting = parts.iter().filter(|part| part.state == MilestoneState::Pending).count();
    if parts.len() >= rules::INVOICES_EVER {
        return Err(rejection::contract_is_long(rules::INVOICES_EVER).into());
    }
    if waiting < most { Ok(()) } else { Err(rejection::too_many_invoices(most).into()) }
}

/// Withdraws an invoice of `freelancer` that nobody has funded.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn withdraw_invoice(txn: &Txn, freelancer: &Viewer, id: MilestoneId) -> Result<MilestoneId> {
    let freelancer = accounts::acting_even_suspended(txn, freelancer.id()).await?;
    let found = store::lock_milestone(txn, id).await?;
    let theirs =
        found.filter(|(contract, part)| contract.freelancer_id == freelancer.id() && part.minutes.is_some());
    let (_, mut part) = theirs.ok_or_else(rejection::no_such_milestone)?;
    part.state = rules::moved(part.state, Move::Withdraw)?;
    store::update_milestone(txn, part).await?;
    Ok(id)
}
