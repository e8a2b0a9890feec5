//! Pure rules of talent badges.

use crate::entity::enums::TalentBadgeKind::{self, ExpertVetted, RisingTalent, TopRated, TopRatedPlus};

/// All badges, from the lowest to the highest.
const ALL: [TalentBadgeKind; 4] = [RisingTalent, TopRated, TopRatedPlus, ExpertVetted];

/// The badges that are enough where `least` is asked for: it, and those above (C-5).
pub fn at_least(least: TalentBadgeKind) -> Vec<TalentBadgeKind> {
    ALL.into_iter().filter(|kind| *kind >= least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_5_top_rated_includes_higher_badges() {
        assert_eq!(at_least(TopRated), [TopRated, TopRatedPlus, ExpertVetted]);
        assert_eq!(at_least(RisingTalent), [RisingTalent, TopRated, TopRatedPlus, ExpertVetted]);
    }
}
