//! Pure rules of billing cycles: the days on which they start, and the cycle of an instant.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::{
    clock::{Instant, midnight},
    entity::{
        enums::{
            MembershipPlan, PlanBasis,
            RenewalState::{self, Charging, Due, Failed, Paid},
        },
        gift_month, membership, plan_period,
    },
    moves::moves,
    policy::ShortMonths,
};

/// The plan of everyone who has no other (M-2).
pub const DEFAULT_PLAN: MembershipPlan = MembershipPlan::Basic;

/// A billing cycle [start, next start), by its days (M-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, inclusive.
    pub ends_on: NaiveDate,
}

impl Cycle {
    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }

    /// How many of its days lie before `day`.
    pub fn days_before(self, day: NaiveDate) -> i64 {
        (day - self.starts_on).num_days()
    }
}

/// The most months of a plan that are given at once.
pub const GIVEN_AT_MOST: i64 = 24;

/// The day of the month on which cycles start for someone who starts on `day` (M-3).
pub fn anchor_day_of(day: NaiveDate, short_months: ShortMonths) -> i64 {
    match short_months {
        ShortMonths::FirstOfMonth if day.day() > 28 => 1,
        _ => day.day().into(),
    }
}

/// The start of the cycle after the one that starts on `day`: the anchor day in the next month, or in the month after
/// if a start on the 29th, 30th or 31st was moved to the 1st (M-3).
pub fn next_start(day: NaiveDate, anchor_day: i64) -> NaiveDate {
    let moved_to_first = anchor_day == 1 && day.day() > 28;
    let months = if moved_to_first { 2 } else { 1 };
    let first = day.with_day(1).unwrap_or(day) + Months::new(months);
    let last = first + Months::new(1) - Days::new(1);
    let anchor = u32::try_from(anchor_day).unwrap_or(1);
    first.with_day(anchor.min(last.day())).unwrap_or(last)
}

/// The cycle that contains `now`, from the start of a known cycle and of the one after it.
pub fn cycle_at(started_at: Instant, next_start_at: Instant, anchor_day: i64, now: Instant) -> Cycle {
    let (mut starts_on, mut next) = (started_at.date_naive(), next_start_at.date_naive());
    while midnight(next) <= now {
        (starts_on, next) = (next, next_start(next, anchor_day));
    }
    Cycle { starts_on, ends_on: next - Days::new(1) }
}

/// When the first cycle after `now` starts.
pub fn next_start_after(membership: &membership::Model, now: Instant) -> Instant {
    let (started, next) = (membership.cycle_started_at, membership.next_grant_at);
    midnight(cycle_at(started, next, membership.anchor_day, now).ends_on + Days::new(1))
}

/// The plan in force at `at`: that of the period that contains it, or the default plan (M-2).
pub fn plan_at(periods: &[plan_period::Model], at: Instant) -> MembershipPlan {
    period_at(periods, at).map_or(DEFAULT_PLAN, |period| period.plan)
}

/// The period that contains `at`, if any does.
pub fn period_at(periods: &[plan_period::Model], at: Instant) -> Option<&plan_period::Model> {
    periods.iter().find(|period| covers(period, at))
}

/// Whether a period contains `at`.
pub fn covers(period: &plan_period::Model, at: Instant) -> bool {
    period.from_at <= at && period.until_at.is_none_or(|until| until > at)
}

/// The months of `plan` that were given and are left, in their order.
pub fn left_of(
    months: &[gift_month::Model],
    plan: MembershipPlan,
) -> impl Iterator<Item = &gift_month::Model> {
    months.iter().filter(move |month| month.used_at.is_none() && month.plan == plan)
}

/// Whether a period ends with its cycle because of `months`, which were given, none is left (M-10).
pub fn ends_with_gifts(period: &plan_period::Model, months: &[gift_month::Model]) -> bool {
    let is_by_gift = period.basis == PlanBasis::Gift && period.cancelled_at.is_none();
    is_by_gift && left_of(months, period.plan).next().is_none()
}

/// The free part of a plan that begins on `today`, in the middle of `cycle`: by the days of it that have passed, rounded down
/// (M-6).
pub fn prorated(free: i64, cycle: Cycle, today: NaiveDate) -> i64 {
    let (passed, days) = (cycle.days_before(today), cycle.days());
    free * passed.clamp(0, days) / days.max(1)
}

moves! {
    /// An action on a renewal (M-7, M-12).
    RenewalMove of RenewalState {
        /// Its payment begins.
        Charge: Due => Charging,
        /// It is paid.
        Pay: Charging => Paid,
        /// Its payment cannot begin, or is not to.
        GiveUp: Due => Failed,
        /// Its payment failed.
        Fail: Charging => Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The starts of the cycles of someone who starts on `first`.
    fn starts(first: &str, short_months: ShortMonths, count: usize) -> Vec<String> {
        let anchor = anchor_day_of(day(first), short_months);
        std::iter::successors(Some(day(first)), |start| Some(next_start(*start, anchor)))
            .take(count)
            .map(|start| start.to_string())
            .collect()
    }

    #[test]
    fn m_2_a_cycle_starts_on_the_same_day_of_each_month() {
        let starts = starts("2026-11-21", ShortMonths::FirstOfMonth, 4);
        assert_eq!(starts, ["2026-11-21", "2026-12-21", "2027-01-21", "2027-02-21"]);
    }

    #[test]
    fn m_2_the_last_day_is_inclusive() {
        let cycle = cycle_at(
            midnight(day("2026-06-21")),
            midnight(day("2026-07-21")),
            21,
            midnight(day("2026-07-20")) + chrono::TimeDelta::hours(23),
        );
        assert_eq!((cycle.starts_on, cycle.ends_on), (day("2026-06-21"), day("2026-07-20")));
        let late = cycle_at(
            midnight(day("2026-06-21")),
            midnight(day("2026-07-21")),
            21,
            midnight(day("2026-09-21")),
        );
        assert_eq!((late.starts_on, late.ends_on), (day("2026-09-21"), day("2026-10-20")));
    }

    #[test]
    fn m_3_the_29th_to_31st_become_the_1st_of_the_month_after_next() {
        let first = ShortMonths::FirstOfMonth;
        assert_eq!(starts("2026-01-30", first, 3), ["2026-01-30", "2026-03-01", "2026-04-01"]);
        assert_eq!(starts("2026-12-31", first, 3), ["2026-12-31", "2027-02-01", "2027-03-01"]);
        assert_eq!(starts("2028-02-29", first, 3), ["2028-02-29", "2028-04-01", "2028-05-01"]);
        assert_eq!(starts("2026-01-28", first, 2), ["2026-01-28", "2026-02-28"]);
    }

    #[test]
    fn m_3_clamp_takes_the_last_day_of_a_short_month_and_keeps_the_anchor() {
        let starts = starts("2027-01-31", ShortMonths::Clamp, 5);
        assert_eq!(starts, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]);
    }

    proptest! {
        #[test]
        fn m_2_every_instant_lies_in_exactly_one_cycle(start in 0u64..3000, later in 0i64..3000, clamp: bool) {
            let first = day("2024-01-01") + Days::new(start);
            let short = if clamp { ShortMonths::Clamp } else { ShortMonths::FirstOfMonth };
            let anchor = anchor_day_of(first, short);
            let next = next_start(first, anchor);
            prop_assert!(next > first);
            let now = midnight(first) + chrono::TimeDelta::days(later);
            let cycle = cycle_at(midnight(first), midnight(next), anchor, now);
            prop_assert!(cycle.starts_on <= now.date_naive() && now.date_naive() <= cycle.ends_on);
            let days = (cycle.ends_on - cycle.starts_on).num_days() + 1;
            prop_assert!((28..=62).contains(&days), "{days}");
        }
    }
}
