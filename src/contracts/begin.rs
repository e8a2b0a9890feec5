//! An accepted offer becomes a contract (O-1).

use super::store;
use crate::{
    db::Txn,
    entity::{
        contract,
        enums::{ContractState, JobCategory, MilestoneState},
        ids::{ContractId, MilestoneId, ProposalId},
        milestone, offer,
        values::Part,
    },
    error::{Fault, Result},
};

/// Writes the contract that `offer` becomes, with its milestones.
///
/// # Errors
/// When the database refuses.
pub(super) async fn begin(
    txn: &Txn,
    offer: &offer::Model,
    proposal: Option<ProposalId>,
    category: Option<JobCategory>,
) -> Result<contract::Model> {
    let unknown = || Fault::Broken(format!("offer {} has no category", offer.id));
    let contract = contract::Model {
        id: ContractId::new(),
        offer_id: offer.id,
        job_post_id: offer.job_post_id,
        proposal_id: proposal,
        client_id: offer.client_id,
        freelancer_id: offer.freelancer_id,
        title: offer.title.clone(),
        category: category.ok_or_else(unknown)?,
        hourly_cents: offer.hourly_cents,
        currency: offer.currency,
        state: ContractState::Active,
        started_at: txn.now(),
        ended_at: None,
    };
    let parts = (1..).zip(&offer.milestones.0);
    let milestones = parts.map(|(number, part)| pending(contract.id, number, part.clone(), None)).collect();
    store::insert_contract(txn, contract.clone(), milestones).await?;
    Ok(contract)
}

/// A part of a contract that its client has not funded; one that bills `minutes` is an invoice.
pub(super) fn pending(
    contract_id: ContractId,
    number: i64,
    part: Part,
    minutes: Option<i64>,
) -> milestone::Model {
    milestone::Model {
        id: MilestoneId::new(),
        contract_id,
        number,
        title: part.title,
        amount_cents: part.amount_cents,
        minutes,
        state: MilestoneState::Pending,
        released_cents: 0,
        fee_cents: 0,
        reversed_cents: 0,
        fee_reversed_cents: 0,
        refunded_cents: 0,
        charged_back_cents: 0,
        funded_at: None,
        released_at: None,
    }
}
