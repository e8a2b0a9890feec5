//! Request bodies that are arriving. They take no place among running requests: each has a deadline that moves as
//! its bytes arrive, and when too many are arriving the slowest is dropped.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use actix_web::{error::PayloadError, web};
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::config::Bodies;

/// The bodies that are arriving in this process. Clones share them.
#[derive(Clone)]
pub struct Arrivals {
    settings: Bodies,
    under_way: Arc<Mutex<HashMap<u64, Arriving>>>,
    next: Arc<AtomicU64>,
}

/// Why a body did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It is too large.
    TooLarge,
    /// The connection broke, or its chunks are malformed.
    Broken,
    /// It was too slow, or paused for too long.
    Slow,
    /// It was the slowest when too many were arriving.
    Crowded,
}

/// The progress of a body.
#[derive(Debug)]
struct Arriving {
    from: String,
    begun: Instant,
    last: Instant,
    bytes: usize,
    dropped: CancellationToken,
}

impl Arriving {
    fn new(from: String, now: Instant) -> Self {
        Self { from, begun: now, last: now, bytes: 0, dropped: CancellationToken::new() }
    }

    /// Until when its average speed stays above the minimum; the earlier, the slower it is.
    fn keeps_speed(&self, settings: &Bodies) -> Instant {
        let worth = Duration::from_secs_f64(self.bytes as f64 / f64::from(settings.least_bytes_per_second));
        self.begun + worth + Duration::from_millis(settings.patience_ms.into())
    }

    /// When it is given up unless more of it arrives.
    fn deadline(&self, settings: &Bodies) -> Instant {
        let millis = |n: u32| Duration::from_millis(n.into());
        let paused = self.last + millis(settings.patience_ms);
        self.keeps_speed(settings).min(paused).min(self.begun + millis(settings.timeout_ms))
    }
}

/// A body's place among those that are arriving; given back when the body is complete or given up.
struct Place<'a> {
    arrivals: &'a Arrivals,
    id: u64,
    dropped: CancellationToken,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.arrivals.bodies().remove(&self.id);
    }
}

impl Place<'_> {
    /// Records that `bytes` more have arrived; returns the deadline of the next.
    fn came(&self, bytes: usize) -> Result<Instant, Lost> {
        let mut bodies = self.arrivals.bodies();
        let body = bodies.get_mut(&self.id).ok_or(Lost::Crowded)?;
        body.bytes += bytes;
        body.last = Instant::now();
        Ok(body.deadline(&self.arrivals.settings))
    }
}

impl Arrivals {
    /// Empty, with the limits of the settings.
    pub fn new(settings: Bodies) -> Self {
        Self { settings, under_way: Arc::default(), next: Arc::default() }
    }

    /// The whole body of a request from `from`, of at most `most` bytes.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub async fn whole(&self, from: String, mut body: web::Payload, most: usize) -> Result<web::Bytes, Lost> {
        let mut whole = web::BytesMut::new();
        // A body that has already arrived takes no place.
        while let Some(chunk) = body.next().now_or_never() {
            let Some(chunk) = chunk else { return Ok(whole.freeze()) };
            append(&mut whole, chunk, most)?;
        }
        let place = self.enter(from);
        let mut deadline = place.came(whole.len())?;
        loop {
            let chunk = tokio::select! {
                biased;
                () = place.dropped.cancelled() => return Err(Lost::Crowded),
                chunk = timeout_at(deadline, body.next()) => chunk.map_err(|_| Lost::Slow)?,
            };
            let Some(chunk) = chunk else { return Ok(whole.freeze()) };
            deadline = place.came(append(&mut whole, chunk, most)?)?;
        }
    }

    /// A place for one more body. Beyond a limit the slowest body loses its place.
    fn enter(&self, from: String) -> Place<'_> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let arriving = Arriving::new(from, Instant::now());
        let dropped = arriving.dropped.clone();
        let mut bodies = self.bodies();
        if bodies.values().filter(|body| body.from == arriving.from).count() >= self.settings.per_address {
            drop_slowest(&mut bodies, &self.settings, |body| body.from == arriving.from);
        }
        if bodies.len() >= self.settings.at_once {
            drop_slowest(&mut bodies, &self.settings, |_| true);
        }
        bodies.insert(id, arriving);
        Place { arrivals: self, id, dropped }
    }

    fn bodies(&self) -> MutexGuard<'_, HashMap<u64, Arriving>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a chunk that has arrived; returns its length in bytes.
fn append(
    whole: &mut web::BytesMut,
    chunk: Result<web::Bytes, PayloadError>,
    most: usize,
) -> Result<usize, Lost> {
    let chunk = chunk.map_err(|_| Lost::Broken)?;
    if whole.len() + chunk.len() > most {
        return Err(Lost::TooLarge);
    }
    whole.extend_from_slice(&chunk);
    Ok(chunk.len())
}

/// Drops the slowest body among `those`; a pause alone does not make a body slow.
fn drop_slowest(bodies: &mut HashMap<u64, Arriving>, settings: &Bodies, those: impl Fn(&Arriving) -> bool) {
    let slowest =
        bodies.iter().filter(|(_, body)| those(body)).min_by_key(|(_, body)| body.keeps_speed(settings));
    if let Some(body) = slowest.map(|(id, _)| *id).and_then(|id| bodies.remove(&id)) {
        body.dropped.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_moves_with_the_bytes_until_the_body_must_be_whole() {
        let settings = Bodies {
            least_bytes_per_second: 1_000,
            patience_ms: 3_000,
            timeout_ms: 10_000,
            ..Bodies::default()
        };
        let begun = Instant::now();
        let after = |last_ms: u64, bytes: usize| {
            let last = begun + Duration::from_millis(last_ms);
            let body = Arriving { last, bytes, ..Arriving::new("a".into(), begun) };
            (body.deadline(&settings) - begun).as_millis()
        };
        assert_eq!(after(0, 0), 3_000, "nothing yet");
        assert_eq!(after(2_000, 1), 3_001, "a trickle");
        assert_eq!(after(2_000, 1_500), 4_500, "behind the least speed");
        assert_eq!(after(2_000, 100_000), 5_000, "much, and then nothing");
        assert_eq!(after(9_000, 100_000), 10_000, "not whole in time");
    }

    #[test]
    fn the_slowest_gives_its_place_up_first_of_its_own_address_then_of_all() {
        let settings = Bodies { at_once: 3, per_address: 2, ..Bodies::default() };
        let arrivals = Arrivals::new(settings);
        let enter = |from: &str| arrivals.enter(from.to_owned());
        let first = enter("a");
        let second = enter("a");
        assert!(first.came(5_000).is_ok());
        let third = enter("a");
        assert!(second.dropped.is_cancelled() && second.came(1).is_err(), "the first had brought more");
        let other = enter("b");
        let _another = enter("c");
        let gone = [&first, &third, &other].map(|place| place.dropped.is_cancelled());
        assert_eq!(gone, [false, true, false], "of those that brought nothing the oldest");
        drop((third, other));
        assert_eq!(arrivals.bodies().len(), 2, "places are given back");
    }
}
