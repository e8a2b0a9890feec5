//! Following the key ring, which other processes may change.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::open::usable;
use crate::{
    db::Database,
    error::{Error, Fault, Result},
    keys::{Keys, Ring},
};

/// The pause between two readings of the ring.
const PAUSE: Duration = Duration::from_secs(30);

/// The least pause between two readings because of tokens that name unknown keys.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(100);

/// Reads the ring again from time to time, until the process stops.
pub async fn watch(db: Database, keys: Keys, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
        if let Err(error) = reload(db.read(), &keys).await {
            tracing::error!(%error, "the keys could not be read again; those from before stay in use");
        }
    }
}

/// Reads the ring again.
///
/// # Errors
/// A fault of the database; [`Fault::Setup`] when a key cannot be opened. The ring stays as it was then.
pub async fn reload(db: &impl ConnectionTrait, keys: &Keys) -> Result<()> {
    keys.replace(Ring::new(&usable(db, keys.secrets()).await?)?);
    Ok(())
}

/// Reads the ring again if `token` names a key that is not on it. All who ask at about the same time wait for one
/// reading, which comes no sooner than a moment after the one before: made-up tokens cost the database little, and a
/// token of a key that is on the ring by then is never refused.
///
/// # Errors
/// A fault of the database.
pub async fn catch_up(db: &impl ConnectionTrait, keys: &Keys, token: &str) -> Result<()> {
    if !keys.lack_that_of(token) {
        return Ok(());
    }
    let asked_at = Instant::now();
    let mut last = keys.last_catch_up().await;
    if let Some(began_at) = *last {
        if began_at >= asked_at {
            return Ok(());
        }
        tokio::time::sleep_until(began_at + CATCH_UP_PAUSE).await;
    }
    *last = Some(Instant::now());
    match reload(db, keys).await {
        Err(Error::Fault(Fault::Setup(sentence))) => {
            tracing::error!("a token names an unknown key, and the keys cannot be read: {sentence}");
            Ok(())
        }
        done => done,
    }
}
