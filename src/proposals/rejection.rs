//! Refusals by proposals.

use crate::{
    entity::enums::ProposalState,
    error::{Code, Facts, Rejection},
    money::Connects,
};

/// The price is not the one the person saw.
pub fn connects_price_changed(expected: Connects, actual: Connects) -> Rejection {
    let sentence = format!(
        "A proposal to this post now costs {actual} Connects, not {expected}, and nothing was charged. Send it \
         again with the new price."
    );
    Rejection::new(Code::ConnectsPriceChanged, sentence)
        .at("expectedConnects")
        .by("S-2")
        .with(Facts::ConnectsPriceChanged { expected: expected.0, actual: actual.0 })
}

/// The freelancer has already sent a proposal to this job post.
pub fn already_proposed() -> Rejection {
    let sentence =
        "You have already submitted a proposal to this post, and only one is allowed. Look for another post.";
    Rejection::new(Code::AlreadyProposed, sentence).at("jobPostId").by("S-1")
}

/// The client has hired the freelancer for the job post without a proposal.
pub fn already_hired() -> Rejection {
    let sentence =
        "You have been hired for this job post already, so you need no proposal. Look at your contracts.";
    Rejection::new(Code::AlreadyHired, sentence).at("jobPostId").by("O-1")
}

/// The job post is the person's own.
pub fn own_job_post() -> Rejection {
    let sentence = "You cannot submit a proposal to your own job post. Look for another client's post.";
    Rejection::new(Code::OwnJobPost, sentence).at("jobPostId").by("S-1")
}

/// The person has no freelancer profile.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "Only a freelancer can submit proposals. Add a freelancer profile to your account first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("P-2")
}

/// There is no such proposal, or the person may not see it.
pub fn no_such_proposal() -> Rejection {
    let sentence = "There is no such proposal. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("proposalId")
}

/// The action is not allowed in the proposal's state.
pub fn illegal_state(state: ProposalState, allowed: &[ProposalState]) -> Rejection {
    Rejection::illegal_state("This proposal", state, allowed).at("proposalId").by("S-5")
}

/// The letter can no longer be edited.
pub fn letter_closed(why: &str) -> Rejection {
    let sentence = format!("The letter can no longer be edited: {why}. Change the amount instead.");
    Rejection::new(Code::EditWindowClosed, sentence).at("coverLetter").by("S-6")
}
