//! A post has all that its client wants: it is filled (J-2).

use super::store;
use crate::{
    db::Txn,
    entity::job_post,
    error::Result,
    job_posts::{self, rules::life::Move},
    proposals,
};

/// Fills an open post, which is locked, once it has as many contracts as its client wants: what is left of its proposals
/// and offers is over (T-2). Returns whether it did.
///
/// # Errors
/// When the database refuses.
pub async fn fill_complete(txn: &Txn, post: &job_post::Model) -> Result<bool> {
    let hires = store::count_of_post(txn, post.id).await?;
    if Move::Fill.after(post.state).is_none() || hires == 0 || hires < post.hires_wanted.unsigned_abs() {
        return Ok(false);
    }
    let ids = [post.id];
    job_posts::store::update_ended(txn, &ids, Move::Fill, txn.now(), None).await?;
    super::withdraw_from(txn, &ids).await?;
    proposals::store::archive(txn, &ids).await?;
    Ok(true)
}
