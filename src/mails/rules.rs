//! Pure rules of mails.

use chrono::TimeDelta;

use crate::clock::Instant;

/// The longest back-off.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The latest instant to which a retry could have been postponed by `now`.
pub fn latest_attempt(now: Instant) -> Instant {
    now + LONGEST
}

/// The back-off after a mail's `attempts`th attempt: growing, at most an hour.
pub fn back_off_of(attempts: i64) -> TimeDelta {
    let doublings = attempts.clamp(0, 20) as u32;
    TimeDelta::seconds(5_i64 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_later_and_later_but_at_least_every_hour() {
        let seconds: Vec<_> = [1, 2, 3, 9, 10, 99].map(|n| back_off_of(n).num_seconds()).into();
        assert_eq!(seconds, [10, 20, 40, 2_560, 3_600, 3_600]);
    }
}
