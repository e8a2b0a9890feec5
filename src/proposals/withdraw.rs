//! Withdrawing a proposal (S-5). Its Connects are not returned (T-2).

use super::{
    lock::lock_sent,
    notifications,
    rules::life::{self, Move},
    store,
};
use crate::{
    accounts, db::Txn, entity::ids::ProposalId, error::Result, job_posts::LockedPost, notifications::notify,
    viewer::Viewer,
};

/// Withdraws a proposal of `freelancer`, who may be suspended, and notifies the client.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `ACCOUNT_CLOSED`.
pub async fn withdraw(txn: &Txn, freelancer: &Viewer, id: ProposalId, reason: &str) -> Result<ProposalId> {
    let freelancer = accounts::acting_even_suspended(txn, freelancer.id()).await?;
    let proposal = lock_sent(txn, &freelancer, id).await?;
    life::moved(proposal.state, Move::Withdraw)?;
    withdraw_all(txn, &[(id, &proposal.post)], Some(reason).filter(|reason| !reason.is_empty())).await?;
    Ok(id)
}

/// Withdraws live proposals to locked posts, and notifies their clients.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_all(
    txn: &Txn,
    proposals: &[(ProposalId, &LockedPost)],
    reason: Option<&str>,
) -> Result<()> {
    let ids: Vec<_> = proposals.iter().map(|(id, _)| *id).collect();
    store::update_withdrawn(txn, &ids, reason).await?;
    let withdrawn = proposals.iter().map(|(id, post)| notifications::withdrawn(*id, &post.row, txn.now()));
    notify(txn, withdrawn.collect()).await
}
