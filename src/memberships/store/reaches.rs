//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[
    Reach {
        part: "plans.BASIC",
        who: "freelancers on BASIC: their Connects from their next cycle on, their perks at once",
        count: "SELECT COUNT(*) AS reached FROM memberships m WHERE NOT EXISTS (SELECT 1 FROM plan_periods p WHERE p.wallet_id = m.wallet_id AND p.plan = 'PLUS' AND p.from_at <= :now AND (p.until_at IS NULL OR p.until_at > :now))",
    },
    Reach {
        part: "plans.PLUS",
        who: "freelancers on PLUS: their price and their Connects from their next cycle on, their perks at once",
        count: "SELECT COUNT(*) AS reached FROM memberships m WHERE EXISTS (SELECT 1 FROM plan_periods p WHERE p.wallet_id = m.wallet_id AND p.plan = 'PLUS' AND p.from_at <= :now AND (p.until_at IS NULL OR p.until_at > :now))",
    },
];
