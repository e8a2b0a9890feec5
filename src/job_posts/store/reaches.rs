//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[
    Reach {
        part: "price",
        who: "open job posts, once they are edited or the demand for them crosses a step",
        count: "SELECT COUNT(*) AS reached FROM job_posts WHERE state = 'OPEN'",
    },
    Reach {
        part: "job_posts",
        who: "open job posts, from their next activity on",
        count: "SELECT COUNT(*) AS reached FROM job_posts WHERE state = 'OPEN'",
    },
];
