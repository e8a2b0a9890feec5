//! Memberships: plans, billing cycles and upcoming grants.

pub mod loaders;
pub mod membership;
pub mod mutations;
