//! What always holds of promo codes (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "B-5: a code counts its uses, of all and of each account, and has no more than it may",
        breaches: "SELECT c.id AS subject, c.uses AS detail FROM promo_codes c WHERE c.uses <> \
         (SELECT COUNT(*) FROM promo_redemptions r WHERE r.promo_code_id = c.id AND r.state <> 'RELEASED') \
         OR EXISTS (SELECT 1 FROM promo_redemptions r WHERE r.promo_code_id = c.id AND r.state <> 'RELEASED' \
         AND r.slot > c.per_account)",
    },
    Check {
        invariant: "B-5: what a used code gives was issued, in that number",
        breaches: "SELECT r.id AS subject, r.connects AS detail FROM promo_redemptions r \
         LEFT JOIN entries e ON e.wallet_id = r.wallet_id AND e.seq = r.entry_seq AND e.kind = 'PROMO' \
         WHERE r.entry_seq IS NOT NULL AND (e.seq IS NULL OR e.available_change <> r.connects)",
    },
    Check {
        invariant: "B-5: nothing is issued for a code that nobody has used",
        breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         LEFT JOIN promo_redemptions r ON r.wallet_id = e.wallet_id AND r.entry_seq = e.seq \
         WHERE e.kind = 'PROMO' AND r.id IS NULL",
    },
];
