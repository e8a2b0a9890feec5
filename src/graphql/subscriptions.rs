//! Plans that people pay for.

pub mod mutations;
pub mod of_viewer;
pub mod preview;
