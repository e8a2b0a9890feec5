//! A client turns a proposal down (S-5). Its Connects do not come back now (T-2).

use super::lock_received;
use crate::{
    db::Txn,
    entity::{
        enums::{NotificationKind, ProposalState},
        ids::ProposalId,
    },
    error::Result,
    outbox::{self, Told},
    proposals::{LockedProposal, store},
    viewer::Viewer,
};

/// Declines a proposal to a post of `client`, and tells its freelancer.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`.
pub async fn decline(txn: &Txn, client: &Viewer, id: ProposalId, reason: &str) -> Result<ProposalId> {
    let LockedProposal { row: mut proposal, post, .. } = lock_received(txn, client, id).await?;
    let post = post.row;
    proposal.state = ProposalState::Declined;
    proposal.ended_at = Some(txn.now());
    proposal.ended_reason = Some(reason.to_owned());
    let told = Told {
        account: proposal.freelancer_id,
        kind: NotificationKind::ProposalDeclined,
        key: format!("{}/{id}", NotificationKind::ProposalDeclined),
        job_post: Some(post.id),
        subject: Some(post.title),
        quantity: None,
        about_at: txn.now(),
    };
    store::update_proposal(txn, proposal).await?;
    outbox::tell_each(txn, vec![told]).await?;
    Ok(id)
}
