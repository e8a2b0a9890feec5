//! What freelancers show of themselves.

pub mod profile;
pub mod profile_slug;
