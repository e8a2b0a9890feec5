//! Taking a proposal back (S-5). Its Connects do not come back (T-2).

use super::{rejection, rules::life, store};
use crate::{
    db::Txn,
    entity::{enums::NotificationKind, ids::ProposalId, job_post, proposal},
    error::{Fault, Result},
    job_posts,
    outbox::{self, Told},
    viewer::Viewer,
};

/// Withdraws a proposal of `freelancer`, and tells the client.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`.
pub async fn withdraw(txn: &Txn, freelancer: &Viewer, id: ProposalId, reason: &str) -> Result<ProposalId> {
    let (proposal, post) = lock_with_post(txn, id).await?;
    must_be_sent_by(freelancer, &proposal)?;
    life::must_be_live(proposal.state)?;
    withdraw_all(txn, &[(id, &post)], Some(reason).filter(|reason| !reason.is_empty())).await?;
    Ok(id)
}

/// Withdraws live proposals to locked posts, and tells their clients.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_all(
    txn: &Txn,
    proposals: &[(ProposalId, &job_post::Model)],
    reason: Option<&str>,
) -> Result<()> {
    let ids: Vec<_> = proposals.iter().map(|(id, _)| *id).collect();
    store::update_withdrawn(txn, &ids, reason).await?;
    outbox::tell_each(txn, proposals.iter().map(|(id, post)| told_of(txn, *id, post)).collect()).await
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

/// Locks a proposal that `freelancer` sent; everyone else's is absent to him.
pub(super) async fn lock_sent(txn: &Txn, freelancer: &Viewer, id: ProposalId) -> Result<proposal::Model> {
    let (proposal, _) = lock_with_post(txn, id).await?;
    must_be_sent_by(freelancer, &proposal)?;
    Ok(proposal)
}

/// Locks a proposal by its job post, as whatever ends the post does, and reads both as they stand now: the
/// proposal to a post whose time is up is archived, whether or not the task has run.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_with_post(txn: &Txn, id: ProposalId) -> Result<(proposal::Model, job_post::Model)> {
    let found = store::find_proposal(txn, id).await?.ok_or_else(rejection::no_such_proposal)?;
    let post = job_posts::store::lock_posts(txn, &[found.job_post_id]).await?.pop();
    let post = post.ok_or_else(|| Fault::Broken("a proposal without a job post".into()))?;
    // Read again: until the lock was taken, somebody else may have moved it.
    let mut proposal = store::find_proposal(txn, id).await?.ok_or_else(rejection::no_such_proposal)?;
    proposal.state = life::state_at(proposal.state, post.state, post.expires_at, txn.now());
    Ok((proposal, post))
}

fn must_be_sent_by(freelancer: &Viewer, proposal: &proposal::Model) -> Result<()> {
    if proposal.freelancer_id == freelancer.id() { Ok(()) } else { Err(rejection::no_such_proposal().into()) }
}
