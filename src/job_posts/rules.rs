//! Pure rules of job posts: the price of a proposal, the shape of a post, its life.

pub mod key;
pub mod life;
mod shape;

pub use shape::{Content, Origin, checked};

use crate::{
    entity::{enums::JobPayment, values::PriceBasis},
    input::words,
    money::Connects,
    policy::Price,
};

/// Maximum amount of money in a post, in minor units.
pub const MAX_CENTS: i64 = 100_000_000_000;

/// What a post is worth, as far as it says (J-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Fixed price or hourly.
    pub payment: JobPayment,
    /// Budget of a fixed-price post.
    pub budget_cents: Option<i64>,
    /// Least hourly rate.
    pub hourly_min_cents: Option<i64>,
    /// Greatest hourly rate.
    pub hourly_max_cents: Option<i64>,
    /// Hours a week.
    pub weekly_hours: Option<i64>,
    /// Weeks.
    pub duration_weeks: Option<i64>,
}

/// The value of the work in minor units: the budget, or the middle of the hourly rates times hours
/// times weeks, half a cent rounded up; `None` when it cannot be known (J-3).
pub fn value_of(terms: &Terms, price: &Price) -> Option<i64> {
    if terms.payment == JobPayment::Fixed {
        return terms.budget_cents;
    }
    let min = terms.hourly_min_cents.or(terms.hourly_max_cents)?;
    let max = terms.hourly_max_cents.unwrap_or(min);
    let hours = terms.weekly_hours.unwrap_or(price.default_weekly_hours);
    let weeks = terms.duration_weeks.unwrap_or(price.default_weeks);
    let doubled = min.saturating_add(max).saturating_mul(hours).saturating_mul(weeks);
    Some(doubled.saturating_add(1) / 2)
}

/// The price in Connects of a proposal to a post that has had `proposal_count` proposals, and what it
/// was computed from (J-3). A free post costs nothing (S-3).
pub fn price_of(
    terms: &Terms,
    is_free: bool,
    proposal_count: i64,
    price: &Price,
    policy_version: i64,
) -> (Connects, PriceBasis) {
    let value_cents = value_of(terms, price);
    let base = value_cents.map_or(price.unknown, |value| base_of(value, price));
    let reached = price.demand.iter().rev().find(|step| proposal_count >= step.from_proposals);
    let demand_percent = reached.map_or(100, |step| step.percent);
    let asked = (base * demand_percent + 99) / 100;
    let connects = if is_free { 0 } else { asked.min(price.cap) };
    (Connects(connects), PriceBasis { policy_version, value_cents, base, proposal_count, demand_percent })
}

/// The words of a post that the search finds it by.
pub fn search_text_of(title: &str, description: &str, skills: &[String]) -> String {
    words::index_of([title, description].into_iter().chain(skills.iter().map(String::as_str)))
}

fn base_of(value_cents: i64, price: &Price) -> i64 {
    let tier = price.tiers.iter().find(|tier| value_cents <= tier.up_to_cents);
    tier.map_or(price.above, |tier| tier.connects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use proptest::prelude::*;

    fn fixed(budget_cents: Option<i64>) -> Terms {
        Terms {
            payment: JobPayment::Fixed,
            budget_cents,
            hourly_min_cents: None,
            hourly_max_cents: None,
            weekly_hours: None,
            duration_weeks: None,
        }
    }

    fn hourly(min: Option<i64>, max: Option<i64>) -> Terms {
        Terms { payment: JobPayment::Hourly, hourly_min_cents: min, hourly_max_cents: max, ..fixed(None) }
    }

    fn connects(terms: &Terms, proposals: i64) -> i64 {
        price_of(terms, false, proposals, &Policy::seed().unwrap().price, 1).0.0
    }

    #[test]
    fn j_3_the_price_follows_the_value() {
        let dollars = |d: i64| fixed(Some(d * 100));
        let cases = [(0, 2), (50, 2), (51, 4), (600, 4), (601, 6), (3_000, 6), (3_001, 8), (1_000_000, 8)];
        for (budget, price) in cases {
            assert_eq!(connects(&dollars(budget), 0), price, "${budget}");
        }
    }

    #[test]
    fn j_3_hourly_value_is_midpoint_times_hours_times_weeks() {
        let price = Policy::seed().unwrap().price;
        assert_eq!(value_of(&hourly(Some(2_500), Some(3_500)), &price), Some(240_000));
        assert_eq!(connects(&hourly(Some(2_500), Some(3_500)), 0), 6);
        let said = Terms { weekly_hours: Some(1), duration_weeks: Some(1), ..hourly(Some(1), Some(2)) };
        assert_eq!(value_of(&said, &price), Some(2), "half a cent rounds up");
        assert_eq!(value_of(&hourly(None, Some(100)), &price), Some(8_000));
    }

    #[test]
    fn j_3_an_unknown_value_costs_four() {
        assert_eq!(connects(&hourly(None, None), 0), 4);
        assert_eq!(connects(&fixed(None), 0), 4);
    }

    #[test]
    fn j_3_demand_raises_the_price_up_to_the_cap() {
        let dear = fixed(Some(1_000_000));
        let steps: Vec<_> = [0, 19, 20, 49, 50, 500].map(|n| connects(&dear, n)).into();
        assert_eq!(steps, [8, 8, 12, 12, 16, 16]);
        assert_eq!(connects(&fixed(Some(1)), 20), 3);
    }

    #[test]
    fn s_3_a_free_post_costs_nothing() {
        let price = Policy::seed().unwrap().price;
        assert_eq!(price_of(&fixed(Some(1_000_000)), true, 99, &price, 1).0, Connects(0));
    }

    proptest! {
        #[test]
        fn j_3_the_price_never_falls_with_value_or_demand(
            value in 0i64..10_000_000, more in 0i64..10_000_000, count in 0i64..100, later in 0i64..100,
        ) {
            let price = |value, count| connects(&fixed(Some(value)), count);
            prop_assert!(price(value, count) <= price(value + more, count));
            prop_assert!(price(value, count) <= price(value, count + later));
            prop_assert!((2..=16).contains(&price(value, count)));
        }
    }
}
