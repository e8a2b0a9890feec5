//! Memberships: plans, cycles and grants to come.

pub mod loaders;
pub mod membership;
pub mod mutations;
