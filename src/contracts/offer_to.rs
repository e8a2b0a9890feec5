//! A client offers a contract to a freelancer who proposed (O-1).

use super::{
    end_offers,
    notifications::{Offered, offered},
    rules, store,
};
use crate::{
    db::Txn,
    engagement,
    entity::{
        enums::{Currency, OfferState, ProposalState},
        ids::{OfferId, ProposalId},
        offer,
        values::{Part, Parts},
    },
    error::Result,
    job_posts,
    notifications::notify,
    proposals::{self, LockedProposal, rules::life},
    viewer::Viewer,
};

/// What a client offers; values are checked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The title that the contract will have; absent: that of the job post.
    pub title: Option<String>,
    /// A message to the freelancer; may be empty.
    pub message: String,
    /// The milestones that the contract will have.
    pub milestones: Vec<Part>,
}

/// Offers a contract to the freelancer of a proposal to a post of `client`. It is activity on the post (J-4).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn offer(txn: &Txn, client: &Viewer, id: ProposalId, draft: Draft) -> Result<OfferId> {
    let LockedProposal { mut row, mut post, .. } =
        engagement::lock_received(txn, client, id, life::must_be_undecided).await?;
    // One that is over, and that the task has not come by for.
    end_offers::expire_of(txn, id).await?;
    let now = txn.now();
    let offer = offer::Model {
        id: OfferId::new(),
        job_post_id: post.row.id,
        proposal_id: id,
        client_id: client.id(),
        freelancer_id: row.freelancer_id,
        title: draft.title.unwrap_or_else(|| post.row.title.clone()),
        message: draft.message,
        milestones: Parts(draft.milestones),
        currency: Currency::Usd,
        state: OfferState::New,
        sent_at: now,
        expires_at: rules::expiry_of(now, &txn.policy().contracts),
        ended_at: None,
        ended_reason: None,
    };
    (row.state, row.offer_expires_at) = (ProposalState::Offered, Some(offer.expires_at));
    proposals::store::update_proposal(txn, row).await?;
    job_posts::note_activity(txn, &mut post).await?;
    store::insert_offer(txn, offer.clone()).await?;
    notify(txn, vec![offered(Offered::Received, &offer, now)]).await?;
    Ok(offer.id)
}
