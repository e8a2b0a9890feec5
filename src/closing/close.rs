//! A client ends a post for which somebody was hired (J-2): nothing comes back for the others (T-2).

use super::returns::close_hired;
use crate::{
    accounts, contracts,
    db::Txn,
    entity::ids::JobPostId,
    error::Result,
    job_posts::{
        self,
        rules::life::{self, Move},
    },
    viewer::Viewer,
};

/// Closes an open post of `client`, who may be suspended.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `JOB_POST_HAS_NO_CONTRACT`, `ACCOUNT_CLOSED`.
pub async fn close(txn: &Txn, client: &Viewer, id: JobPostId) -> Result<JobPostId> {
    let client = accounts::acting_even_suspended(txn, client.id()).await?;
    let post = job_posts::lock_own(txn, &client, id).await?;
    life::moved(post.state, Move::Close)?;
    if !contracts::store::has_contract(txn, id).await? {
        return Err(contracts::rejection::has_no_contract().into());
    }
    close_hired(txn, &[post]).await?;
    Ok(id)
}
