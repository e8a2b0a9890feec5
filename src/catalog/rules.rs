//! Pure rules of the catalog.

use super::rejection;
use crate::{entity::enums::ProjectState, error::Rejection};

/// The least and the most that a project costs, in minor units.
pub const PRICE_CENTS: (i64, i64) = (500, 100_000_000);

/// The most projects that a freelancer has in the catalog at a time.
pub const PROJECTS_AT_MOST: u64 = 50;

/// Checks that a project in `state` can be changed or withdrawn (O-3).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_published(state: ProjectState) -> Result<(), Rejection> {
    if state == ProjectState::Published { Ok(()) } else { Err(rejection::illegal_state(state)) }
}
