//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "affiliate",
    who: "registrations that may still bring a commission",
    count: "SELECT COUNT(*) AS reached FROM attributions WHERE state = 'OPEN'",
}];
