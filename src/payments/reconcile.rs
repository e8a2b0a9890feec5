//! Our payments are compared with the provider's own list (B-3).

use chrono::TimeDelta;

use super::{
    rejection,
    rules::differences::{Difference, Ours, Wrong, differences},
    store,
};
use crate::{
    clock::Instant,
    db::Database,
    error::Result,
    providers::payments::{Movement, MovementKind, Payments},
};

/// After which time both sides must know of a movement: what is under way is asked about for hours.
const SETTLED_AFTER: TimeDelta = TimeDelta::days(1);

/// Names or ids that are looked up at once.
const AT_ONCE: usize = 500;

/// Compares what `provider` moved from `since` to now with our payments, refunds and charge-backs, outside of any
/// transaction, and returns every difference. What began within the last day may be under way.
///
/// # Errors
/// `PAYMENT_PROVIDER_UNAVAILABLE`; when the database cannot be reached.
pub async fn reconcile(db: &Database, provider: &dyn Payments, since: Instant) -> Result<Vec<Difference>> {
    let now = db.now().await?;
    let silent = |_| rejection::provider_unavailable();
    let window = (since, now - SETTLED_AFTER);
    let theirs = provider.movements(since, window.1).await.map_err(silent)?;
    let ours = list_ours(db, provider, &theirs, window).await?;
    let mut found = Vec::new();
    for one in differences(&ours, &theirs) {
        // A list since some time lacks a charge-back that began as an inquiry before it.
        let may_be_older = one.kind == MovementKind::Chargeback && one.wrong == Wrong::MissingThere;
        if !may_be_older || provider.chargeback(&one.subject).await.map_err(silent)?.is_none() {
            found.push(one);
        }
    }
    Ok(found)
}

/// What `theirs` name, and what began within the window or is still under way.
async fn list_ours(
    db: &Database,
    provider: &dyn Payments,
    theirs: &[Movement],
    window: (Instant, Instant),
) -> Result<Vec<Ours>> {
    let mut ours = store::list_begun(db.read(), provider.provider(), window).await?;
    for some in theirs.chunks(AT_ONCE) {
        ours.extend(store::list_named(db.read(), provider.provider(), some, window).await?);
    }
    ours.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    ours.dedup_by(|a, b| (a.kind, &a.id) == (b.kind, &b.id));
    Ok(ours)
}
