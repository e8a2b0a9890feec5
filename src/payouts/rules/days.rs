//! Business days (W-5).

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::clock::{Instant, midnight};

/// The days on which banks work: Monday to Friday, less holidays.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// The holidays.
    pub holidays: &'a [NaiveDate],
}

impl Calendar<'_> {
    /// Whether banks work on `day`.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    /// `day`, or the next day on which banks work.
    pub fn business_day(&self, day: NaiveDate) -> NaiveDate {
        let mut days = day.iter_days();
        days.find(|day| self.is_business_day(*day)).unwrap_or(day)
    }

    /// The start of the business day on which is paid what is due at `due` to somebody who is paid on this day of each month:
    /// that day or, if banks do not work on it, the next one on which they do.
    pub fn pay_day(&self, due: Instant, day_of_month: u32) -> Instant {
        let first = due.date_naive().with_day(1).unwrap_or(due.date_naive());
        let months = (0..).map(|months| first + Months::new(months));
        let mut days = months.map(|month| self.business_day(month.with_day(day_of_month).unwrap_or(month)));
        // What falls due on the very day is paid on it.
        midnight(days.find(|day| midnight(*day) >= midnight(due.date_naive())).unwrap_or(first))
    }

    /// The start of the next business day after that of `at`.
    pub fn next_after(&self, at: Instant) -> Instant {
        midnight(self.business_day(at.date_naive() + Days::new(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn w_5_business_days_are_monday_to_friday_less_holidays() {
        let holidays = [day("2026-12-25"), day("2026-12-28")];
        let calendar = Calendar { holidays: &holidays };
        assert!(calendar.is_business_day(day("2026-12-24")));
        for closed in ["2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28"] {
            assert!(!calendar.is_business_day(day(closed)), "{closed}");
            assert_eq!(calendar.business_day(day(closed)), day("2026-12-29"));
        }
    }

    #[test]
    fn f_7_a_fixed_day_on_a_weekend_is_the_next_business_day() {
        let calendar = Calendar { holidays: &[] };
        let paid = |due: &str, day| calendar.pay_day(due.parse().unwrap(), day).date_naive().to_string();
        // Due on Tuesday, 3 March: paid on Monday, 16 March, because the fifteenth is a Sunday; or on 1 April.
        assert_eq!(paid("2026-03-03T00:00:00Z", 15), "2026-03-16");
        assert_eq!(paid("2026-03-03T00:00:00Z", 1), "2026-04-01");
        // 1 August 2026 is a Saturday.
        assert_eq!(paid("2026-07-03T00:00:00Z", 1), "2026-08-03");
        assert_eq!(paid("2026-12-20T00:00:00Z", 15), "2027-01-15");
    }

    #[test]
    fn f_7_over_ten_years_nobody_is_paid_before_it_is_due_or_on_a_day_off() {
        let holidays = [day("2026-12-25"), day("2027-01-01")];
        let calendar = Calendar { holidays: &holidays };
        let mut due = day("2024-01-03");
        while due.year() < 2034 {
            for fixed in [1, 15] {
                let paid = calendar.pay_day(midnight(due), fixed).date_naive();
                assert!(paid >= due && calendar.is_business_day(paid), "{due} {paid}");
                assert!((paid - due).num_days() <= 34, "{due} {paid}");
            }
            due = due + Months::new(1);
        }
    }
}
