//! A client releases a milestone: the money leaves escrow for the freelancer's cash, less the service fee (O-2).

use super::{
    notifications::released,
    rejection,
    rules::{self, Move},
    store,
};
use crate::{
    accounts,
    cash::{Entry, Holder, Journal},
    db::Txn,
    entity::{
        contract,
        enums::{CashDocumentKind, CashKind},
        ids::{AccountId, MilestoneId},
        milestone,
    },
    error::{Fault, Result},
    notifications::notify,
    viewer::Viewer,
};

/// Releases a funded milestone of a contract of `client`, who may be suspended: the money is spent already. While the freelancer may not be paid, the money stays in escrow
/// (P-4).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `FREELANCER_RESTRICTED`; `ACCOUNT_CLOSED`.
pub async fn release(txn: &Txn, client: &Viewer, id: MilestoneId) -> Result<MilestoneId> {
    let client = accounts::acting_even_suspended(txn, client.id()).await?;
    let (contract, mut milestone) =
        store::lock_milestone(txn, id).await?.ok_or_else(rejection::no_such_milestone)?;
    if contract.client_id != client.id() {
        return Err(rejection::no_such_milestone().into());
    }
    milestone.state = rules::moved(milestone.state, Move::Release)?;
    milestone.released_at = Some(txn.now());
    if accounts::store::find_restriction(txn, contract.freelancer_id, txn.now()).await?.is_some() {
        return Err(rejection::freelancer_restricted().into());
    }
    out_of_escrow(txn, &contract, &milestone, client.id()).await?;
    let notification = released(&contract, &milestone, txn.now());
    store::update_milestone(txn, milestone).await?;
    notify(txn, vec![notification]).await?;
    Ok(id)
}

async fn out_of_escrow(
    txn: &Txn,
    contract: &contract::Model,
    milestone: &milestone::Model,
    client: AccountId,
) -> Result<()> {
    let cents = milestone.amount_cents;
    let fee = rules::fee_of(cents, &txn.policy().contracts);
    let fee = fee.ok_or_else(|| Fault::Broken(format!("no fee for milestone {}", milestone.id)))?;
    let (escrow, earned) = (Holder::Escrow(contract.id), Holder::Person(contract.freelancer_id));
    let mut journal = Journal::lock(txn, &[escrow, earned, Holder::Fees]).await?;
    let entry = Entry {
        kind: CashKind::Release,
        business_key: format!("{}/{}", CashKind::Release, milestone.id),
        document: (CashDocumentKind::Milestone, milestone.id.0),
        actor: Some(client),
        reverses: None,
        effective_at: txn.now(),
    };
    journal.post(&entry, &[(escrow, -cents), (earned, cents - fee), (Holder::Fees, fee)])?;
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}
