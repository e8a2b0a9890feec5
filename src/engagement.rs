//! What a client does with a proposal (S-5): opens, short-lists, hides or declines it.

mod decline;
mod flag;
mod notifications;

pub use decline::decline;
pub use flag::{Flag, flag, view};
pub use notifications::EVENTS;

use crate::{
    accounts,
    db::Txn,
    entity::{enums::ProposalState, ids::ProposalId},
    error::{Rejection, Result},
    proposals::{self, LockedProposal, rejection},
    viewer::Viewer,
};

/// Locks a proposal to a post of `client` in a state that `may` allows. Proposals to other clients' posts, and those of
/// suspended freelancers (P-4), are not found.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn lock_received<T>(
    txn: &Txn,
    client: &Viewer,
    id: ProposalId,
    may: fn(ProposalState) -> Result<T, Rejection>,
) -> Result<LockedProposal> {
    let client = accounts::acting(txn, client.id()).await?;
    let proposal = proposals::lock(txn, id).await?;
    let hidden =
        accounts::store::find_restriction(txn, proposal.row.freelancer_id, txn.now()).await?.is_some();
    if proposal.post.row.client_id != client.id() || hidden {
        return Err(rejection::no_such_proposal().into());
    }
    may(proposal.state)?;
    Ok(proposal)
}
