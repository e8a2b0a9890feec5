//! A freelancer answers an offer: it becomes a contract, or it is over (O-1).

use super::{
    fill::fill_complete,
    notifications::{Offered, offered},
    rejection, rules,
    store::{self, LockedOffer},
};
use crate::{
    accounts::{self, Acting},
    db::Txn,
    entity::{
        contract,
        enums::{ContractState, MilestoneState, OfferState, ProposalState},
        ids::{ContractId, MilestoneId, OfferId},
        milestone, offer,
    },
    error::Result,
    job_posts::{self, LockedPost},
    notifications::notify,
    proposals::{self, rules::life},
    viewer::Viewer,
};

/// Accepts an offer to `freelancer`: there is a contract from now on, and the post is filled once it has as many as its
/// client wants.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `CLIENT_RESTRICTED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn accept(txn: &Txn, freelancer: &Viewer, id: OfferId) -> Result<ContractId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let LockedOffer { offer, mut post, mut proposal } = lock_received(txn, &freelancer, id).await?;
    if accounts::store::find_restriction(txn, offer.client_id, txn.now()).await?.is_some() {
        return Err(rejection::client_restricted().into());
    }
    let now = txn.now();
    let contract = contract_of(&offer, &post, now);
    store::insert_contract(txn, contract.clone(), milestones_of(&contract, &offer)).await?;
    store::end_offers(txn, &[offer.id], OfferState::Accepted, now, None).await?;
    (proposal.state, proposal.offer_expires_at) = (ProposalState::Hired, None);
    proposals::store::update_proposal(txn, proposal).await?;
    notify(txn, vec![offered(Offered::Accepted, &offer, now)]).await?;
    if !fill_complete(txn, &post.row).await? {
        job_posts::note_activity(txn, &mut post).await?;
    }
    Ok(contract.id)
}

/// Declines an offer to `freelancer`; `reason` may be empty. The proposal is back where it was (S-5).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn decline(txn: &Txn, freelancer: &Viewer, id: OfferId, reason: &str) -> Result<OfferId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let LockedOffer { offer, mut proposal, .. } = lock_received(txn, &freelancer, id).await?;
    let reason = (!reason.is_empty()).then_some(reason);
    store::end_offers(txn, &[id], OfferState::Declined, txn.now(), reason).await?;
    (proposal.state, proposal.offer_expires_at) = (life::without_offer(proposal.interviewing_since), None);
    proposals::store::update_proposal(txn, proposal).await?;
    notify(txn, vec![offered(Offered::Declined, &offer, txn.now())]).await?;
    Ok(id)
}

/// Locks an offer to `freelancer` that can be answered. Other people's are not found.
async fn lock_received(txn: &Txn, freelancer: &Acting, id: OfferId) -> Result<LockedOffer> {
    let locked = store::lock_offer(txn, id).await?.ok_or_else(rejection::no_such_offer)?;
    if locked.offer.freelancer_id != freelancer.id() {
        return Err(rejection::no_such_offer().into());
    }
    rules::must_be_new(locked.state_at(txn.now()))?;
    Ok(locked)
}

fn contract_of(offer: &offer::Model, post: &LockedPost, now: crate::clock::Instant) -> contract::Model {
    contract::Model {
        id: ContractId::new(),
        offer_id: offer.id,
        job_post_id: offer.job_post_id,
        proposal_id: offer.proposal_id,
        client_id: offer.client_id,
        freelancer_id: offer.freelancer_id,
        title: offer.title.clone(),
        category: post.row.category,
        currency: offer.currency,
        state: ContractState::Active,
        started_at: now,
        ended_at: None,
    }
}

fn milestones_of(contract: &contract::Model, offer: &offer::Model) -> Vec<milestone::Model> {
    let milestone = |(number, part): (i64, &crate::entity::values::Part)| milestone::Model {
        id: MilestoneId::new(),
        contract_id: contract.id,
        number,
        title: part.title.clone(),
        amount_cents: part.amount_cents,
        state: MilestoneState::Pending,
        released_cents: 0,
        fee_cents: 0,
        reversed_cents: 0,
        fee_reversed_cents: 0,
        refunded_cents: 0,
        charged_back_cents: 0,
        funded_at: None,
        released_at: None,
    };
    (1..).zip(&offer.milestones.0).map(milestone).collect()
}
