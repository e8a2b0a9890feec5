//! Joining the marketplace.

pub mod profiles;
pub mod registration;
