//! The only reader of system time.
//!
//! There are two times. *Business time* decides every rule; it is the wall clock's in production and
//! stands still in a sandbox until it is advanced (`Database::now`, `Txn::now`). *Wall time*, here,
//! serves what happens between machines: leases, tokens, run durations, idempotency retention.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// An instant: UTC, truncated to the microseconds that both databases keep.
pub type Instant = DateTime<Utc>;

/// What the machine's clock says.
#[allow(clippy::disallowed_methods)]
pub fn wall_now() -> Instant {
    truncated(Utc::now())
}

/// `instant` without what is finer than a microsecond.
pub fn truncated(instant: Instant) -> Instant {
    instant.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(instant)
}
