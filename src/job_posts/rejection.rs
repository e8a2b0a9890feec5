//! Refusals by job posts.

use crate::{
    entity::enums::JobPostState,
    error::{Code, Rejection},
};

/// There is no such job post, or the viewer may not see it.
pub fn no_such_job_post() -> Rejection {
    let sentence = "There is no such job post, or it has been removed. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("jobPostId")
}

/// The job post takes no proposals.
pub fn job_post_not_open(state: JobPostState) -> Rejection {
    let sentence = format!("This job post is {state} and takes no proposals. Look for an open one.");
    Rejection::new(Code::JobPostNotOpen, sentence).at("jobPostId").by("J-2")
}

/// Only clients post jobs.
pub fn not_a_client() -> Rejection {
    let sentence = "Only a client can post jobs. Add a client profile to your account first.";
    Rejection::new(Code::NotAClient, sentence).by("P-1")
}

/// The action is not allowed in the post's state.
pub fn illegal_state(state: JobPostState, allowed: &[JobPostState]) -> Rejection {
    Rejection::illegal_state("This job post", state, allowed).at("jobPostId").by("J-2")
}

/// The row was imported before, and its post is over.
pub fn imported_before(state: JobPostState) -> Rejection {
    let sentence = format!(
        "This row was imported before and its post is {state} now. Change the row, or create the post with createJobPost."
    );
    Rejection::new(Code::IllegalState, sentence).at("row").by("J-2")
}

/// Someone else edited the post meanwhile.
pub fn conflict(seen: i64, now: i64) -> Rejection {
    let sentence =
        format!("This job post was edited meanwhile: it has version {now}, not {seen}. Read it again.");
    Rejection::new(Code::Conflict, sentence).at("version")
}

/// A person reports a post once.
pub fn already_reported() -> Rejection {
    let sentence = "You have already reported this job post. Wait for the decision.";
    Rejection::new(Code::AlreadyReported, sentence).at("jobPostId").by("J-7")
}

/// A client appeals once.
pub fn already_appealed() -> Rejection {
    let sentence =
        "You have already appealed this removal, which can be done only once. Wait for the answer.";
    Rejection::new(Code::AlreadyAppealed, sentence).at("jobPostId").by("J-7")
}

/// There is no open report or appeal to decide.
pub fn nothing_to_decide(what: &str) -> Rejection {
    let sentence = format!("This job post has no open {what}. Choose another job post.");
    Rejection::new(Code::NothingToDecide, sentence).at("jobPostId").by("J-7")
}
