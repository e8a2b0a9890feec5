//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "proposals",
    who: "live proposals that their client has not opened: how long their letters can be edited, at once",
    count: "SELECT COUNT(*) AS reached FROM proposals WHERE state IN ('SUBMITTED', 'INTERVIEWING') AND viewed_at IS NULL",
}];
