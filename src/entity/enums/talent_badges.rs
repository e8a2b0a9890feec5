//! Talent badges.

use super::text_enum;

text_enum! {
    /// A talent badge of a freelancer (K-1), from the lowest to the highest.
    TalentBadgeKind {
        /// New and promising.
        RisingTalent = "RISING_TALENT",
        /// Among the best.
        TopRated = "TOP_RATED",
        /// Among the best, with large contracts.
        TopRatedPlus = "TOP_RATED_PLUS",
        /// Vetted by experts of the field.
        ExpertVetted = "EXPERT_VETTED",
    }
}
