//! Memberships and their plans.

pub mod membership;
pub mod plan_period;
