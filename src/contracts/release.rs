//! A client releases a milestone: the money leaves escrow for the freelancer's cash, less the service fee (O-2).

use super::{
    disputes,
    notifications::released,
    postings, rejection,
    rules::{self, Move},
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{ids::MilestoneId, milestone},
    error::{Fault, Result},
    notifications::notify,
    viewer::Viewer,
};

/// Releases a funded milestone of a contract of `client`, who may be suspended: the money is spent already. Only one who is
/// suspended for fraud may not, because their bank may take it back. An open dispute over it is settled. While the
/// freelancer may not be paid, the money stays in escrow (P-4).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `FREELANCER_RESTRICTED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn release(txn: &Txn, client: &Viewer, id: MilestoneId) -> Result<MilestoneId> {
    let client = accounts::acting_unless_fraud(txn, client.id()).await?;
    let (contract, mut milestone) =
        store::lock_milestone(txn, id).await?.ok_or_else(rejection::no_such_milestone)?;
    if contract.client_id != client.id() {
        return Err(rejection::no_such_milestone().into());
    }
    let cents = rules::left_of(&milestone);
    set_free(txn, &mut milestone, cents)?;
    if accounts::store::find_restriction(txn, contract.freelancer_id, txn.now()).await?.is_some() {
        return Err(rejection::freelancer_restricted().into());
    }
    postings::divide(txn, &contract, None, Some(&milestone), client.id()).await?;
    let notification = released(&contract, &milestone, txn.now());
    store::update_milestone(txn, milestone).await?;
    disputes::settle(txn, id).await?;
    notify(txn, vec![notification]).await?;
    Ok(id)
}

/// Releases `cents` of what is in escrow, in `milestone`, with the fee for them.
pub(super) fn set_free(txn: &Txn, milestone: &mut milestone::Model, cents: i64) -> Result<()> {
    milestone.state = rules::moved(milestone.state, Move::Release)?;
    let fee = rules::fee_of(cents, &txn.policy().contracts);
    let fee = fee.ok_or_else(|| Fault::Broken(format!("no fee for milestone {}", milestone.id)))?;
    milestone.released_at = Some(txn.now());
    (milestone.released_cents, milestone.fee_cents) = (cents, fee);
    Ok(())
}
