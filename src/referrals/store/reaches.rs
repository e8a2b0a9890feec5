//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "referrals",
    who: "links of referrers who were not reminded",
    count: "SELECT COUNT(*) AS reached FROM referral_links WHERE reminded_at IS NULL",
}];
