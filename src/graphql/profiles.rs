//! What freelancers show of themselves.

pub mod freelancer;
pub mod loaders;
pub mod mutations;
pub mod of_viewer;
pub mod own_profile;
pub mod search;
