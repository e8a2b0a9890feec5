//! What always holds of memberships (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "M-10: a month that was given is used for a cycle whose paid part was issued",
        breaches: "SELECT g.wallet_id AS subject, g.seq AS detail FROM gift_months g \
         LEFT JOIN entries e ON e.wallet_id = g.wallet_id AND e.kind = 'MEMBERSHIP' AND e.effective_at = g.used_at \
         WHERE g.used_at IS NOT NULL AND e.seq IS NULL",
    },
    Check {
        invariant: "M-10: a plan by months that were given has an end, or another month",
        breaches: "SELECT p.wallet_id AS subject, p.plan AS detail FROM plan_periods p \
         WHERE p.basis = 'GIFT' AND p.until_at IS NULL AND NOT EXISTS (SELECT 1 FROM gift_months g \
         WHERE g.wallet_id = p.wallet_id AND g.plan = p.plan AND g.used_at IS NULL)",
    },
    Check {
        invariant: "M-13: months that were given are used in their order",
        breaches: "SELECT g.wallet_id AS subject, g.seq AS detail FROM gift_months g JOIN gift_months later \
         ON later.wallet_id = g.wallet_id AND later.seq > g.seq AND later.plan = g.plan AND later.used_at IS NOT NULL \
         WHERE g.used_at IS NULL",
    },
    Check {
        invariant: "M-1: a wallet is on one plan at a time",
        breaches: "SELECT a.wallet_id AS subject, b.plan AS detail FROM plan_periods a JOIN plan_periods b \
         ON b.wallet_id = a.wallet_id AND b.from_at > a.from_at WHERE (b.until_at IS NULL OR b.until_at > b.from_at) \
         AND (a.until_at IS NULL OR a.until_at > b.from_at)",
    },
];
