//! Refusals by talent badges.

use crate::{
    clock::Instant,
    entity::enums::TalentBadgeKind,
    error::{Code, Rejection},
};

/// There is no such badge.
pub fn no_such_badge() -> Rejection {
    let sentence = "There is no such badge. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("talentBadgeId")
}

/// The person has no freelancer profile.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "Only freelancers have badges. Choose a person with a freelancer profile.";
    Rejection::new(Code::NotAFreelancer, sentence).at("accountId").by("K-1")
}

/// The freelancer has that badge.
pub fn held(kind: TalentBadgeKind) -> Rejection {
    let sentence = format!("This freelancer has the badge {kind} already. Choose another one.");
    Rejection::new(Code::BadgeHeld, sentence).at("kind").by("K-1")
}

/// The badge has ended.
pub fn ended(at: Instant) -> Rejection {
    let sentence =
        format!("This badge ended at {}. Award it again if needed.", at.format("%Y-%m-%d %H:%M UTC"));
    Rejection::new(Code::BadgeEnded, sentence).at("talentBadgeId").by("K-1")
}
