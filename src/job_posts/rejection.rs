//! Refusals by job posts.

use crate::{
    entity::enums::JobPostState,
    error::{Code, Rejection},
};

/// There is no such job post, or the viewer may not see it.
pub fn no_such_job_post() -> Rejection {
    let sentence = "There is no such job post; it may have been taken down.";
    Rejection::new(Code::NotFound, sentence).at("input.jobPostId")
}

/// The job post takes no proposals.
pub fn job_post_not_open(state: JobPostState) -> Rejection {
    let sentence = format!("This job post is {state} and takes no proposals; look for an open one.");
    Rejection::new(Code::JobPostNotOpen, sentence).at("input.jobPostId").by("J-2")
}
