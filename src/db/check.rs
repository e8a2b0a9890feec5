//! An invariant that a slice declares for its tables, and how a breach of it is found (H-4).

/// An invariant, and the statement that lists its breaches.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What must hold, beginning with the rule's number.
    pub invariant: &'static str,
    /// Selects of every breach `subject`, the id of what is wrong, and `detail`, the number of an entry, a lot or a
    /// posting, or an amount.
    pub breaches: &'static str,
}

impl Check {
    /// The statement that lists at most `most` breaches, as columns of one type on each database.
    pub fn listing(&self, most: usize) -> String {
        // A number that a check writes itself is of another type than a column's on PostgreSQL.
        format!(
            "SELECT subject, CAST(detail AS BIGINT) AS detail FROM ({} LIMIT {most}) AS breaches",
            self.breaches
        )
    }
}
