//! Locking a proposal, so that actions are decided by its current state.

use super::{rejection, rules::life, store};
use crate::{
    accounts::Acting,
    db::Txn,
    entity::{enums::ProposalState, ids::ProposalId, proposal},
    error::{Fault, Result},
    job_posts::{self, LockedPost},
};

/// A proposal that this transaction has locked, by its job post.
#[derive(Clone, Debug)]
pub struct LockedProposal {
    /// Its current state: a live one to a post whose time is up is archived, whether or not the task has run.
    pub state: ProposalState,
    /// The stored row.
    pub row: proposal::Model,
    /// Its job post.
    pub post: LockedPost,
}

/// Locks a proposal by its job post, which everything that ends the post locks too.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(txn: &Txn, id: ProposalId) -> Result<LockedProposal> {
    let found = store::find_proposal(txn, id).await?.ok_or_else(rejection::no_such_proposal)?;
    let post = job_posts::store::lock_posts(txn, &[found.job_post_id]).await?.pop();
    let post = post.ok_or_else(|| Fault::Broken("a proposal without a job post".into()))?;
    // Read again: before the lock was taken, someone else may have changed it.
    let row = store::find_proposal(txn, id).await?.ok_or_else(rejection::no_such_proposal)?;
    let state = life::state_at(&row, post.row.state, post.row.expires_at, txn.now());
    Ok(LockedProposal { state, row, post })
}

/// Locks a proposal that `freelancer` sent; other people's are not found.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn lock_sent(txn: &Txn, freelancer: &Acting, id: ProposalId) -> Result<LockedProposal> {
    let proposal = lock(txn, id).await?;
    if proposal.row.freelancer_id == freelancer.id() {
        Ok(proposal)
    } else {
        Err(rejection::no_such_proposal().into())
    }
}
