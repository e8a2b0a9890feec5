//! An invariant that a slice declares for its tables, and how a breach of it is found (H-4).

/// An invariant, and the statement that lists its breaches.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What must hold, beginning with the rule's number.
    pub invariant: &'static str,
    /// Selects `wallet_id` and `detail`, the number of an entry or a lot or of Connects, of every breach.
    pub breaches: &'static str,
}
