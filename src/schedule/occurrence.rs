//! When a timetable rings: a pure function of the timetable and an instant (X-1: UTC).

use std::str::FromStr;

use chrono::{SubsecRound, TimeDelta};
use croner::Cron;

use super::task::Task;
use crate::clock::Instant;

/// The first time at or after `instant`.
pub fn at_or_after(task: &Task, instant: Instant) -> Option<Instant> {
    // Timetables have whole seconds only, and croner ignores fractions of a second.
    let second = instant.trunc_subsecs(0);
    let from = if second < instant { second + TimeDelta::seconds(1) } else { second };
    Cron::from_str(task.timetable).ok()?.find_next_occurrence(&from, true).ok()
}

/// The first time after `instant`.
pub fn after(task: &Task, instant: Instant) -> Option<Instant> {
    at_or_after(task, instant + TimeDelta::microseconds(1))
}

/// The last time at or before `instant`.
pub fn at_or_before(task: &Task, instant: Instant) -> Option<Instant> {
    let second = instant.trunc_subsecs(0);
    Cron::from_str(task.timetable).ok()?.find_previous_occurrence(&second, true).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::TASKS;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn q_2_a_timetable_rings_at_its_minutes() {
        let hourly = Task::find("monthly-grants").unwrap();
        assert_eq!(at_or_after(hourly, at("2026-02-28T23:05:00Z")), Some(at("2026-02-28T23:05:00Z")));
        assert_eq!(after(hourly, at("2026-02-28T23:05:00Z")), Some(at("2026-03-01T00:05:00Z")));
        assert_eq!(at_or_before(hourly, at("2026-03-01T00:04:59Z")), Some(at("2026-02-28T23:05:00Z")));
        let daily = Task::find("expiry-notices").unwrap();
        assert_eq!(after(daily, at("2026-12-31T06:00:00Z")), Some(at("2027-01-01T06:00:00Z")));
    }

    proptest! {
        #[test]
        fn ticks_bracket_every_instant(micros in 1_700_000_000_000_000i64..2_000_000_000_000_000) {
            let now = Instant::from_timestamp_micros(micros).unwrap();
            for task in TASKS {
                let (before, next) = (at_or_before(task, now).unwrap(), after(task, now).unwrap());
                prop_assert!(before <= now && now < next, "{}: {before} {now} {next}", task.name);
                prop_assert_eq!(after(task, before), Some(next));
                prop_assert_eq!(at_or_after(task, before), Some(before));
            }
        }
    }
}
