//! Taking a proposal back (S-5). Its Connects do not come back (T-2).

use super::{lock::lock_sent, rules::life, store};
use crate::{
    db::Txn,
    entity::{enums::NotificationKind, ids::ProposalId, job_post},
    error::Result,
    job_posts::LockedPost,
    outbox::{self, Told},
    viewer::Viewer,
};

/// Withdraws a proposal of `freelancer`, and tells the client.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`.
pub async fn withdraw(txn: &Txn, freelancer: &Viewer, id: ProposalId, reason: &str) -> Result<ProposalId> {
    let proposal = lock_sent(txn, freelancer, id).await?;
    life::must_be_live(proposal.state)?;
    withdraw_all(txn, &[(id, &proposal.post)], Some(reason).filter(|reason| !reason.is_empty())).await?;
    Ok(id)
}

/// Withdraws live proposals to locked posts, and tells their clients.
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
    outbox::tell_each(txn, proposals.iter().map(|(id, post)| told_of(txn, *id, &post.row)).collect()).await
}

fn told_of(txn: &Txn, id: ProposalId, post: &job_post::Model) -> Told {
    Told {
        account: post.client_id,
        kind: NotificationKind::ProposalWithdrawn,
        key: format!("{}/{id}", NotificationKind::ProposalWithdrawn),
        job_post: Some(post.id),
        subject: Some(post.title.clone()),
        quantity: None,
        about_at: txn.now(),
    }
}
