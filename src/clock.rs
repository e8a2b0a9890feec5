//! The only reader of system time.
//!
//! There are two times. *Business time* is what every rule reads; in production it follows the wall clock, in a
//! sandbox it moves only when it is advanced (`Database::now`, `Txn::now`). *Wall time*, here, is for what
//! happens between machines: leases, tokens, run durations, idempotency retention.

use chrono::{DateTime, Datelike, DurationRound, NaiveDate, NaiveTime, TimeDelta, Utc};

/// An instant: UTC, truncated to the microseconds that both databases keep.
pub type Instant = DateTime<Utc>;

/// What the machine's clock says.
#[allow(clippy::disallowed_methods)]
pub fn wall_now() -> Instant {
    truncated(Utc::now())
}

/// How long this machine has been running, as an instant after 1970. Nobody can set it, and all processes of the
/// machine read the same.
pub fn uptime() -> Instant {
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let nanos = u32::try_from(since.tv_nsec).unwrap_or_default();
    truncated(DateTime::from_timestamp(since.tv_sec, nanos).unwrap_or_default())
}

/// 00:00 UTC of `day`.
pub fn midnight(day: NaiveDate) -> Instant {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Parses an instant in RFC 3339. The API, the command line and the settings all use this parser, so that they
/// accept the same.
///
/// # Errors
/// What is wrong, as half a sentence: not RFC 3339, a leap second, or not between 1970 and 9999.
pub fn parse(text: &str) -> Result<Instant, &'static str> {
    let instant =
        DateTime::parse_from_rfc3339(text).map_err(|_| "an instant is written like 2026-01-21T00:00:00Z")?;
    let instant = instant.to_utc();
    // Neither database keeps them, and each would store a different second instead.
    if instant.timestamp_subsec_nanos() >= 1_000_000_000 {
        return Err("leap seconds are not stored; write the next second, :00");
    }
    if !(1970..=9999).contains(&instant.year()) {
        return Err("an instant must lie between 1970 and 9999");
    }
    Ok(truncated(instant))
}

/// Reads a day such as `2026-01-21`.
///
/// # Errors
/// What is wrong, as half a sentence: not written like that, or not between 1970 and 9998.
pub fn parse_day(text: &str) -> Result<NaiveDate, &'static str> {
    let day: NaiveDate = text.parse().map_err(|_| "a day looks like 2026-01-21")?;
    // The day after it is asked for, too.
    if (1970..=9998).contains(&day.year()) { Ok(day) } else { Err("a day must lie between 1970 and 9998") }
}

/// Whether business time may be `instant`: the year of a lot that is issued then, and the months that are planned
/// ahead, must end before the year 9999 does.
pub fn may_stand_at(instant: Instant) -> bool {
    (1970..9998).contains(&instant.year())
}

/// `instant` truncated to microseconds.
pub fn truncated(instant: Instant) -> Instant {
    instant.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_1_a_leap_second_is_refused_wherever_it_is_written() {
        for leap in ["2016-12-31T23:59:60Z", "2026-01-21T12:34:60.5Z", "2017-01-01T00:59:60+01:00"] {
            assert!(parse(leap).is_err_and(|no| no.contains("leap second")), "{leap}");
        }
        let second = parse("2016-12-31T23:59:59.999999999Z").unwrap();
        assert_eq!(second.timestamp_micros(), 1_483_228_799_999_999);
    }

    #[test]
    fn x_1_an_instant_has_one_form_and_bounds() {
        assert_eq!(parse("2026-01-21T02:00:00+02:00"), parse("2026-01-21T00:00:00Z"));
        for bad in ["2026-01-21", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "10000-01-01T00:00:00Z"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let day = |text: &str| parse(text).unwrap();
        assert!(may_stand_at(day("9997-12-31T23:59:59.999999Z")) && may_stand_at(Instant::UNIX_EPOCH));
        assert!(!may_stand_at(day("9998-01-01T00:00:00Z")));
    }
}
