//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[
    Reach {
        part: "purchases",
        who: "freelancers, at their next purchase of Connects",
        count: "SELECT COUNT(*) AS reached FROM wallets",
    },
    Reach {
        part: "taxes",
        who: "freelancers, at their next purchase or renewal",
        count: "SELECT COUNT(*) AS reached FROM wallets",
    },
];
