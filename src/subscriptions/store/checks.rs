//! What always holds of subscriptions (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "M-7: a renewal stands as the purchase of its cycle does",
        breaches: "SELECT r.wallet_id AS subject, r.state AS detail FROM renewals r LEFT JOIN purchases p \
         ON p.item = 'MEMBERSHIP' AND p.wallet_id = r.wallet_id AND p.cycle_starts_at = r.starts_at \
         WHERE CASE r.state WHEN 'DUE' THEN p.id IS NOT NULL WHEN 'CHARGING' THEN COALESCE(p.state <> 'PENDING', TRUE) \
         WHEN 'PAID' THEN COALESCE(p.state NOT IN ('PAID', 'CHARGED_BACK'), TRUE) \
         ELSE COALESCE(p.state <> 'FAILED', FALSE) END",
    },
    Check {
        invariant: "M-6: the paid part of a plan is issued to those who pay, to whom it was given, or by an admin",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e WHERE e.kind = 'MEMBERSHIP' \
         AND NOT EXISTS (SELECT 1 FROM purchases p WHERE p.wallet_id = e.wallet_id AND p.entry_seq = e.seq) \
         AND NOT EXISTS (SELECT 1 FROM gift_months g WHERE g.wallet_id = e.wallet_id AND g.used_at = e.effective_at) \
         AND NOT EXISTS (SELECT 1 FROM plan_periods a WHERE a.wallet_id = e.wallet_id AND a.basis = 'GRANTED' \
         AND a.from_at <= e.effective_at AND (a.until_at IS NULL OR a.until_at > e.effective_at))",
    },
];
