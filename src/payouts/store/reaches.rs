//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "payouts",
    who: "people with money in their cash account, at their next payout",
    count: "SELECT COUNT(*) AS reached FROM cash_accounts WHERE kind = 'PERSON' AND balance > 0",
}];
