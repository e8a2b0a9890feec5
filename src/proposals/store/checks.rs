//! The invariants between proposals and the ledger (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[Check {
    invariant: "S-8: a charge has its proposal and a proposal its charge",
    breaches: "SELECT e.wallet_id AS subject, e.seq AS detail FROM entries e \
         LEFT JOIN proposals p ON p.wallet_id = e.wallet_id AND p.entry_seq = e.seq \
         WHERE e.kind = 'PROPOSAL' AND (p.id IS NULL OR p.connects_charged <> -e.available_change)",
}];
