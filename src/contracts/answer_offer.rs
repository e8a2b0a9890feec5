//! A freelancer answers an offer: it becomes a contract, or it is over (O-1).

use super::{
    begin, end_offers,
    fill::fill_complete,
    notifications::{Offered, offered},
    rejection, return_reversal,
    rules::{self, OfferMove},
    store::{self, LockedOffer},
};
use crate::{
    accounts::{self, Acting},
    db::Txn,
    entity::{
        enums::{JobPostState, ProposalState},
        ids::{ContractId, OfferId},
        proposal,
    },
    error::Result,
    job_posts,
    notifications::notify,
    proposals::{
        self,
        rules::life::{self, LIVE, Move},
    },
    viewer::Viewer,
};

/// Accepts an offer to `freelancer`: there is a contract from now on, and the post is filled once it has as many as its
/// client wants. A proposal that the freelancer has sent since is won by it, too.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `CLIENT_RESTRICTED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn accept(txn: &Txn, freelancer: &Viewer, id: OfferId) -> Result<ContractId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let LockedOffer { offer, mut post, proposal } =
        lock_received(txn, &freelancer, id, OfferMove::Accept).await?;
    if accounts::store::find_restriction(txn, offer.client_id, txn.now()).await?.is_some() {
        return Err(rejection::client_restricted().into());
    }
    let proposal = proposal.filter(|proposal| LIVE.contains(&proposal.state));
    if let Some(won) = &proposal {
        // A direct offer and one to the proposal are for the same job.
        end_offers::withdraw_other(txn, won.id, offer.id).await?;
    }
    let category = post.as_ref().map(|post| post.row.category).or(offer.category);
    store::end_offers(txn, &[offer.id], OfferMove::Accept, txn.now(), None).await?;
    let contract = begin::begin(txn, &offer, proposal.as_ref().map(|won| won.id), category).await?;
    if let Some(mut won) = proposal {
        (won.state, won.offer_expires_at) = (life::moved(won.state, Move::Hire)?, None);
        proposals::store::update_proposal(txn, won).await?;
    }
    notify(txn, vec![offered(Offered::Accepted, &offer, txn.now())]).await?;
    if let Some(post) = &mut post
        && !fill_complete(txn, &post.row).await?
        && post.state == JobPostState::Open
    {
        job_posts::note_activity(txn, post).await?;
    }
    // Wallets are locked last.
    return_reversal::reverse(txn, &contract).await?;
    Ok(contract.id)
}

/// Declines an offer to `freelancer`; `reason` may be empty. The proposal is back where it was (S-5).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn decline(txn: &Txn, freelancer: &Viewer, id: OfferId, reason: &str) -> Result<OfferId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let locked = lock_received(txn, &freelancer, id, OfferMove::Decline).await?;
    let reason = (!reason.is_empty()).then_some(reason);
    store::end_offers(txn, &[id], OfferMove::Decline, txn.now(), reason).await?;
    let declined = offered(Offered::Declined, &locked.offer, txn.now());
    put_back(txn, locked).await?;
    notify(txn, vec![declined]).await?;
    Ok(id)
}

/// Puts the proposal of an offer that is over back where it was (S-5).
pub(super) async fn put_back(txn: &Txn, locked: LockedOffer) -> Result<()> {
    let answered = |proposal: &proposal::Model| {
        Some(proposal.id) == locked.offer.proposal_id && proposal.state == ProposalState::Offered
    };
    let Some(mut proposal) = locked.proposal.filter(answered) else { return Ok(()) };
    let way = life::without_offer(proposal.interviewing_since);
    (proposal.state, proposal.offer_expires_at) = (life::moved(proposal.state, way)?, None);
    proposals::store::update_proposal(txn, proposal).await
}

/// Locks an offer to `freelancer` that can be answered in this way. Other people's are not found.
async fn lock_received(txn: &Txn, freelancer: &Acting, id: OfferId, way: OfferMove) -> Result<LockedOffer> {
    let locked = store::lock_offer(txn, id).await?.ok_or_else(rejection::no_such_offer)?;
    if locked.offer.freelancer_id != freelancer.id() {
        return Err(rejection::no_such_offer().into());
    }
    rules::offer_moved(locked.state_at(txn.now()), way)?;
    Ok(locked)
}
