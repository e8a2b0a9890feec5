//! A client declines a proposal (S-5). Its Connects are not returned (T-2).

use super::{lock_received, notifications};
use crate::{
    db::Txn,
    entity::ids::ProposalId,
    error::Result,
    notifications::notify,
    proposals::{
        LockedProposal,
        rules::life::{self, Move},
        store,
    },
    viewer::Viewer,
};

/// Declines a proposal to a post of `client`, and notifies its freelancer.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn decline(txn: &Txn, client: &Viewer, id: ProposalId, reason: &str) -> Result<ProposalId> {
    let LockedProposal { row: mut proposal, post, .. } =
        lock_received(txn, client, id, |state| life::moved(state, Move::Decline)).await?;
    proposal.state = Move::Decline.to();
    proposal.ended_at = Some(txn.now());
    proposal.ended_reason = Some(reason.to_owned());
    let notification = notifications::declined(&proposal, &post.row, txn.now());
    store::update_proposal(txn, proposal).await?;
    notify(txn, vec![notification]).await?;
    Ok(id)
}
