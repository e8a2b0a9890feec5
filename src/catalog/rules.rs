//! Pure rules of the catalog.

use super::rejection;
use crate::{
    entity::enums::ProjectState::{self, Published, Withdrawn},
    error::Rejection,
    moves::moves,
};

/// The least and the most that a project costs, in minor units.
pub const PRICE_CENTS: (i64, i64) = (500, 100_000_000);

/// The most projects that a freelancer has in the catalog at a time.
pub const PROJECTS_AT_MOST: u64 = 50;

moves! {
    /// An action on a project (O-3).
    ProjectMove of ProjectState {
        /// Its freelancer takes it out of the catalog.
        Withdraw: Published => Withdrawn,
    }
}

/// The state of a project in `state` after the action (O-3).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: ProjectState, way: ProjectMove) -> Result<ProjectState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_state(state))
}

/// Checks that a project in `state` can be changed and ordered (O-3).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_published(state: ProjectState) -> Result<(), Rejection> {
    if state == Published { Ok(()) } else { Err(rejection::illegal_state(state)) }
}
