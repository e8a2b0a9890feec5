//! When people were last seen (M-11).

use std::time::Duration;

use super::{rules::last_seen, store};
use crate::{clock::Instant, db::Database, viewer::Viewer};

/// How long a request waits for this at most. If the database is busy, a later request of the day notes it.
const PATIENCE: Duration = Duration::from_millis(250);

/// Notes that `person` was seen at `now`: with their first request of each day, which costs one short transaction. Nothing
/// depends on it but whether searches find them, so a request goes on if it fails.
pub async fn note_activity(db: &Database, person: &Viewer, now: Instant) {
    if last_seen(&person.0).date_naive() >= now.date_naive() {
        return;
    }
    let id = person.id();
    let noted = db.write(async move |txn| store::update_active(txn, id).await);
    match tokio::time::timeout(PATIENCE, noted).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "could not note when a person was last seen"),
        Err(_) => tracing::debug!("the database was too busy to note when a person was last seen"),
    }
}
