//! Ids of talent badges.

typed_id! {
    /// A talent badge of a freelancer.
    TalentBadgeId,
}
