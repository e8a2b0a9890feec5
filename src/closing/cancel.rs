//! A client cancels a post before any contract (J-2): every proposal that was not withdrawn gets its
//! Connects back (T-1).

use super::returns::{End, end};
use crate::{
    accounts, contracts,
    db::Txn,
    entity::{enums::HistoryKind, ids::JobPostId},
    error::Result,
    job_posts::{
        self,
        rules::life::{self, Move},
    },
    viewer::Viewer,
};

/// Cancels a post of `client`, who may be suspended; `reason` may be empty.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `JOB_POST_HAS_CONTRACT`, `ACCOUNT_CLOSED`.
pub async fn cancel(txn: &Txn, client: &Viewer, id: JobPostId, reason: &str) -> Result<JobPostId> {
    let client = accounts::acting_even_suspended(txn, client.id()).await?;
    let post = job_posts::lock_own(txn, &client, id).await?;
    life::moved(post.state, Move::Cancel)?;
    if contracts::store::has_contract(txn, id).await? {
        return Err(contracts::rejection::has_contract().into());
    }
    let how = End {
        way: Move::Cancel,
        returns: HistoryKind::ReturnedCancelled,
        reason: (!reason.is_empty()).then_some(reason),
        actor: client.id(),
    };
    end(txn, &[post], &how).await?;
    Ok(id)
}
