//! The client is active on a post in another way than by editing it, such as by an offer (J-4).

use super::{
    draft::touch,
    store::{self, LockedPost},
};
use crate::{db::Txn, error::Result};

/// Notes that the client of `post` is active now: the lifetime of an open post starts again (J-4).
///
/// # Errors
/// When the database refuses.
pub async fn note_activity(txn: &Txn, post: &mut LockedPost) -> Result<()> {
    touch(txn, &mut post.row);
    store::update_post(txn, post.row.clone()).await
}
