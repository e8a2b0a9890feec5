//! Talent badges of freelancers.

pub mod loaders;
pub mod mutations;
pub mod talent_badge;
