//! The days on which commissions lock and fall due (F-6).

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::clock::{Instant, midnight};

/// The end of the month after that of `at`, or of one `months` later than that of `at`: a commission of an action in January
/// locks with `months` of 1 when February is over, at 00:00 UTC of 1 March.
pub fn first_lock(at: Instant, months: u32) -> Instant {
    midnight(first_of(at.date_naive()) + Months::new(months + 1))
}

/// The end of the month that begins at `at`.
pub fn next_lock(at: Instant) -> Instant {
    midnight(first_of(at.date_naive()) + Months::new(1))
}

/// 00:00 UTC of the day of the month, or of its last one, in the month that begins when something locks at `at`.
pub fn due_at(at: Instant, day: u32) -> Instant {
    let first = first_of(at.date_naive());
    let last = first + Months::new(1) - Days::new(1);
    midnight(first.with_day(day).unwrap_or(last))
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn f_6_januarys_action_locks_at_the_end_of_february_and_is_due_on_3_march() {
        for (action, locks, due) in [
            ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"),
            ("2026-01-31T23:59:59.999999Z", "2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z"),
            ("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-04-03T00:00:00Z"),
            ("2028-01-31T12:00:00Z", "2028-03-01T00:00:00Z", "2028-03-03T00:00:00Z"),
            ("2028-02-29T12:00:00Z", "2028-04-01T00:00:00Z", "2028-04-03T00:00:00Z"),
            ("2026-11-30T12:00:00Z", "2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z"),
            ("2026-12-31T23:59:59Z", "2027-02-01T00:00:00Z", "2027-02-03T00:00:00Z"),
        ] {
            let lock = first_lock(at(action), 1);
            assert_eq!((lock, due_at(lock, 3)), (at(locks), at(due)), "{action}");
        }
    }

    #[test]
    fn f_6_over_ten_years_each_day_locks_when_the_next_month_is_over_and_falls_due_two_days_later() {
        let mut day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        while day.year() < 2034 {
            let lock = first_lock(day.and_hms_opt(23, 59, 59).unwrap().and_utc(), 1);
            // Counted by hand: two months on, and January follows December.
            let month = day.month() + 2;
            let (year, month) = if month > 12 { (day.year() + 1, month - 12) } else { (day.year(), month) };
            let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
            assert_eq!(lock.date_naive(), first, "{day}");
            assert_eq!(due_at(lock, 3).date_naive(), first + Days::new(2), "{day}");
            assert_eq!(next_lock(lock).date_naive().day(), 1);
            assert!((28..=31).contains(&(next_lock(lock) - lock).num_days()));
            day = day + Days::new(1);
        }
    }

    #[test]
    fn f_6_a_day_that_a_month_does_not_have_is_its_last_one() {
        assert_eq!(due_at(at("2027-02-01T00:00:00Z"), 31), at("2027-02-28T00:00:00Z"));
    }
}
