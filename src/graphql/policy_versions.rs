//! Versions of the policy.

pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod policy_version;
pub mod preview;
