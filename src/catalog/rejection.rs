//! Refusals by the catalog.

use crate::{
    entity::enums::ProjectState,
    error::{Code, Rejection},
};

/// There is no such project, or the person may not see it.
pub fn no_such_project() -> Rejection {
    let sentence = "There is no such project. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("projectId")
}

/// The action is not allowed in the project's state.
pub fn illegal_state(state: ProjectState) -> Rejection {
    Rejection::illegal_state("This project", state, &[ProjectState::Published]).at("projectId").by("O-3")
}

/// Somebody has changed the project since.
pub fn conflict(seen: i64, now: i64) -> Rejection {
    let sentence = format!("You edited version {seen}, and it is version {now} now. Read it again.");
    Rejection::new(Code::Conflict, sentence).at("version")
}

/// The freelancer has published as many projects as one may have.
pub fn too_many_projects(most: u64) -> Rejection {
    let sentence =
        format!("You have {most} projects in the catalog, and more are not allowed. Withdraw one first.");
    Rejection::new(Code::TooManyProjects, sentence).by("O-3")
}

/// Only freelancers publish projects.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "You have no freelancer profile. Add one first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("O-3")
}
