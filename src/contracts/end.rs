//! A contract ends (O-1): either side ends it once none of its money is on the way.

use super::{
    notifications::ended,
    rejection,
    rules::{self, ContractMove, Move},
    store,
};
use crate::{
    accounts, db::Txn, entity::ids::ContractId, error::Result, notifications::notify, viewer::Viewer,
};

/// Ends a contract of `person`, who may be suspended, and notifies the other side. What was not funded is not owed.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `MONEY_IN_ESCROW`; `ACCOUNT_CLOSED`.
pub async fn end(txn: &Txn, person: &Viewer, id: ContractId) -> Result<ContractId> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    let contract = store::lock_contract(txn, id).await?.ok_or_else(rejection::no_such_contract)?;
    let other = match person.id() {
        id if id == contract.client_id => contract.freelancer_id,
        id if id == contract.freelancer_id => contract.client_id,
        _ => return Err(rejection::no_such_contract().into()),
    };
    let state = rules::contract_moved(contract.state, ContractMove::End)?;
    let milestones = store::list_milestones(txn, &[id]).await?;
    // What is funded can be released, and what is under way will be funded or fail.
    let is_open = |way: Move| milestones.iter().any(|one| way.after(one.state).is_some());
    if is_open(Move::Release) || is_open(Move::Arrive) {
        return Err(rejection::money_in_escrow().into());
    }
    store::end_contract(txn, id, state).await?;
    notify(txn, vec![ended(&contract, other, txn.now())]).await?;
    Ok(id)
}
