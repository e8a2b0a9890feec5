//! Proposals, as both sides see them.

pub mod loaders;
pub mod mutations;
pub mod of_viewer;
pub mod proposal;
