//! Becoming a member of the marketplace.

pub mod profiles;
pub mod registration;
