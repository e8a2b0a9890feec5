//! A client changes a post, and may want no more hires than there are: then it is filled (J-2).

use crate::{
    contracts,
    db::Txn,
    entity::ids::JobPostId,
    error::Result,
    job_posts::{self, Draft},
    viewer::Viewer,
};

/// Changes a post of `client` as [`job_posts::update`] does, and fills it if it has all the hires that it now wants.
///
/// # Errors
/// Those of [`job_posts::update`].
pub async fn edit(
    txn: &Txn,
    client: &Viewer,
    id: JobPostId,
    version: i64,
    draft: Draft,
) -> Result<JobPostId> {
    job_posts::update(txn, client, id, version, draft).await?;
    contracts::fill_complete(txn, &job_posts::lock(txn, id).await?.row).await?;
    Ok(id)
}
