//! The versions of the policy as this process knows them. Any process may add one, so they are read again: in a sandbox,
//! whose clock is asked by every transaction, as soon as there is another one; in system time with each request of somebody
//! who is signed in, and often enough to know of each before it takes effect.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use sea_orm::ConnectionTrait;
use tokio::time::Instant;

use super::instance;
use crate::{error::Result, policy::Policies};

/// After what time in system time the versions are read again. A version takes effect a minute after it was written at the
/// earliest ([`crate::policy::NOTICE`]).
const STALE_AFTER: Duration = Duration::from_secs(15);

/// The versions that were read last. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct KnownPolicies(Arc<RwLock<Known>>);

#[derive(Debug)]
struct Known {
    policies: Arc<Policies>,
    read_at: Instant,
}

impl KnownPolicies {
    /// Versions that have just been read.
    pub fn new(policies: Policies) -> Self {
        Self(Arc::new(RwLock::new(Known { policies: Arc::new(policies), read_at: Instant::now() })))
    }

    /// The versions that were read last.
    pub fn get(&self) -> Arc<Policies> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).policies.clone()
    }

    /// The versions as they are now, of which the last has the number `newest`, if that is known; they are read from `db` if
    /// they are others than were read last, or if it is too long ago.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn follow(&self, db: &impl ConnectionTrait, newest: Option<i64>) -> Result<Arc<Policies>> {
        let known = self.get();
        let is_current = match newest {
            Some(newest) => newest == known.newest(),
            None => !self.claim(),
        };
        if is_current {
            return Ok(known);
        }
        let policies = Arc::new(instance::policies(db).await?);
        let mut last = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *last = Known { policies: policies.clone(), read_at: Instant::now() };
        Ok(policies)
    }

    /// Whether it is too long ago that they were read; then only this caller reads them.
    fn claim(&self) -> bool {
        let is_stale = |known: &Known| known.read_at.elapsed() > STALE_AFTER;
        if !is_stale(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return false;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let claimed = is_stale(&known);
        known.read_at = if claimed { Instant::now() } else { known.read_at };
        claimed
    }
}
