//! The policy of purchases.

use serde::{Deserialize, Serialize};

/// Purchases of Connects (B-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchases {
    /// The numbers of Connects that are offered as bundles, ascending.
    pub bundles: Vec<i64>,
    /// The least and the most Connects of one purchase; a bundle may be smaller or larger.
    pub custom: (i64, i64),
    /// What a Connect costs, by how many are bought at once, ascending.
    pub prices: Vec<UnitPrice>,
}

/// What each Connect costs in a purchase of at least so many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPrice {
    /// From this many on.
    pub from: i64,
    /// The price of each, in millionths of USD.
    pub micros: i64,
}

impl Default for Purchases {
    fn default() -> Self {
        Self {
            bundles: vec![10, 20, 40, 60, 80, 100, 150, 200, 250, 300],
            custom: (10, 10_000),
            prices: vec![UnitPrice { from: 1, micros: 150_000 }],
        }
    }
}

/// A tax on what people buy (B-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// The buyer's country, as ISO 3166-1 alpha-2 has it.
    pub country: String,
    /// The region within it, as ISO 3166-2 has it after the dash; absent for all that have no row of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What a receipt calls it.
    pub name: String,
    /// The rate in millionths of the net price: 6.35% is 63,500.
    pub rate_micros: i64,
    /// Whether buyers with a tax id account for it themselves, and are not charged (reverse charge).
    #[serde(default)]
    pub reverse_charge: bool,
}
