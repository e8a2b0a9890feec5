//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "contracts",
    who: "contracts under way, at their next release",
    count: "SELECT COUNT(*) AS reached FROM contracts WHERE state = 'ACTIVE'",
}];
