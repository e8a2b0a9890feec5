//! Refusals by proposals.

use crate::error::{Code, Facts, Rejection};

/// The price is not the one the person saw.
pub fn connects_price_changed(expected: i64, actual: i64) -> Rejection {
    let sentence =
        format!("A proposal to this post costs {actual} Connects now, not {expected}; nothing was charged.");
    Rejection::new(Code::ConnectsPriceChanged, sentence)
        .at("input.expectedConnects")
        .by("S-2")
        .with(Facts::ConnectsPriceChanged { expected, actual })
}

/// The freelancer has already sent a proposal to this job post.
pub fn already_proposed() -> Rejection {
    let sentence = "You have sent a proposal to this post before; one is all a post takes from a person.";
    Rejection::new(Code::AlreadyProposed, sentence).at("input.jobPostId").by("S-1")
}

/// The job post is the person's own.
pub fn own_job_post() -> Rejection {
    let sentence = "This is your own job post; nobody proposes to himself.";
    Rejection::new(Code::OwnJobPost, sentence).at("input.jobPostId").by("S-1")
}

/// The person has no freelancer profile.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "Only a freelancer can send proposals; make a freelancer profile first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("S-7")
}
