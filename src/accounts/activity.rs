//! When people were last seen (M-11).

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{rules::last_seen, store};
use crate::{clock::Instant, db::Database, entity::ids::AccountId, error::Result, viewer::Viewer};

/// So many people are noted at once.
const AT_ONCE: usize = 8;

/// Notes who was seen, besides the requests by which they were.
#[derive(Clone, Debug)]
pub struct Activity(Arc<Semaphore>);

impl Default for Activity {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Activity {
    /// Notes, with their first request of each day, that `person` was seen at `now`. The request does not wait for it; if many
    /// are being noted already, a later request of the day does it.
    pub fn note(&self, db: &Database, person: &mut Viewer, now: Instant) {
        if last_seen(&person.0).date_naive() >= now.date_naive() {
            return;
        }
        person.0.active_at = Some(now);
        let Ok(permit) = self.0.clone().try_acquire_owned() else { return };
        let (db, id) = (db.clone(), person.id());
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(error) = note_activity(&db, id).await {
                tracing::warn!(%error, "could not note when a person was last seen");
            }
        });
    }
}

/// Notes that `account` was seen now.
///
/// # Errors
/// When the database refuses.
pub async fn note_activity(db: &Database, account: AccountId) -> Result<()> {
    db.write(async |txn| store::update_active(txn, account).await).await
}
