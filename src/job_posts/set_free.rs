//! Making proposals to a post free of charge, or charging its price again (J-3, S-3).

use super::{draft::reprice, lock::lock, rules::life, store};
use crate::{
    audit::{self, Record},
    db::Txn,
    entity::{enums::AuditAction, ids::JobPostId},
    error::Result,
    viewer::Viewer,
};

/// Makes a draft or an open post free of charge, or charges for it again; proposals that were sent keep their price
/// (S-4). This is not an activity of the client (J-4). A second call changes nothing.
///
/// # Errors
/// `NOT_FOUND`; `ILLEGAL_STATE`.
pub async fn set_free(txn: &Txn, admin: &Viewer, id: JobPostId, free: bool) -> Result<JobPostId> {
    let post = lock(txn, id).await?;
    life::must_be_editable(post.state)?;
    let mut post = post.row;
    if post.is_free == free {
        return Ok(id);
    }
    post.is_free = free;
    post.version += 1;
    reprice(txn, &mut post);
    let set = Record::new(AuditAction::JobPostPriceSet, Some(admin.id())).to(post.client_id);
    let set = set.on(&post.business_key).with(serde_json::json!({ "free": free }));
    store::update_post(txn, post).await?;
    audit::record(txn, set).await?;
    Ok(id)
}
