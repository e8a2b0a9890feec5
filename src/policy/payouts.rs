//! The policy of payouts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::entity::enums::Currency;

/// Payouts (F-7, W-1 to W-5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payouts {
    /// The least that is paid out on a fixed day, or withdrawn, in minor units of USD (W-5).
    pub minimum_cents: i64,
    /// The least and the most that an affiliate may choose as a threshold, in minor units of USD (F-7).
    pub threshold_cents: (i64, i64),
    /// Hours for which nothing is paid after payout details were changed (W-4).
    pub hold_hours: i64,
    /// The total of a plan, in minor units of USD, above which two admins are needed (W-1).
    pub two_admins_above_cents: i64,
    /// The total of a run, in minor units of USD, up to which the scheduled task pays by itself (W-1).
    pub by_itself_up_to_cents: i64,
    /// Days from Monday to Friday that are no business days (W-5).
    pub holidays: Vec<NaiveDate>,
    /// What a US dollar is in other currencies, in millionths (W-5).
    pub rates_micros: BTreeMap<Currency, i64>,
}

impl Default for Payouts {
    fn default() -> Self {
        Self {
            minimum_cents: 1_000,
            threshold_cents: (1_000, 25_000_000),
            hold_hours: 48,
            two_admins_above_cents: 1_000_000,
            by_itself_up_to_cents: 1_000_000,
            holidays: [(2026, 1, 1), (2026, 12, 25), (2027, 1, 1), (2027, 12, 24), (2028, 12, 25)]
                .into_iter()
                .filter_map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day))
                .collect(),
            rates_micros: [(Currency::Eur, 920_000), (Currency::Gbp, 785_000)].into(),
        }
    }
}
