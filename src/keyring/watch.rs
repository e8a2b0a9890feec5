//! Following the key ring, which other processes may change.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::store;
use crate::{
    db::Database,
    entity::{enums::KeyState, key},
    error::{Error, Fault, Result},
    keys::{Key, Keys, Readings, Ring},
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
            tracing::error!(%error, "the keys could not be read again; the ones in memory stay in use");
        }
    }
}

/// Reads the ring again.
///
/// # Errors
/// A fault of the database; [`Fault::Setup`] when a key cannot be opened. The ring stays as it was then.
pub async fn reload(db: &impl ConnectionTrait, keys: &Keys) -> Result<()> {
    read(db, keys, &mut *keys.readings().await).await
}

/// Reads the ring while nobody else does, so that an older one never replaces a newer one.
async fn read(db: &impl ConnectionTrait, keys: &Keys, readings: &mut Readings) -> Result<()> {
    let began_at = Instant::now();
    let rows = store::list_all(db).await?;
    readings.began_at = Some(began_at);
    match current(&rows, keys) {
        Ok(ring) => keys.replace(ring),
        Err(error) => {
            // A key that has retired is of no use here either.
            keys.follow(&rows);
            keys.lack_one_since(began_at);
            return Err(error);
        }
    }
    Ok(())
}

/// The ring as the database has it. Keys that were opened before are not opened again: they stay the same when another
/// process wraps them under a secret that this one does not have.
fn current(rows: &[key::Model], keys: &Keys) -> Result<Ring> {
    let known = keys.ring();
    let usable = rows.iter().filter(|row| row.state != KeyState::Retired);
    let opened = usable.map(|row| match known.find(row.id).and_then(|key| key.again(row)) {
        Some(key) => Ok(Some(key)),
        None => keys.secrets().open(row),
    });
    Ring::new(&opened.filter_map(Result::transpose).collect::<Result<Vec<Key>>>()?)
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
    let mut readings = keys.readings().await;
    if readings.began_at.is_some_and(|began_at| began_at >= asked_at) {
        return Ok(());
    }
    if let Some(tried_at) = readings.tried_at {
        tokio::time::sleep_until(tried_at + CATCH_UP_PAUSE).await;
    }
    readings.tried_at = Some(Instant::now());
    match read(db, keys, &mut readings).await {
        Err(Error::Fault(Fault::Setup(sentence))) => {
            tracing::error!("a token names an unknown key, and the keys cannot be read: {sentence}");
            Ok(())
        }
        done => done,
    }
}
