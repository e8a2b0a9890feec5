//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "lots",
    who: "wallets with Connects, when they are given back or about to expire",
    count: "SELECT COUNT(*) AS reached FROM wallets WHERE available > 0",
}];
