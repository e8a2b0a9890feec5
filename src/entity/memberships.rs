//! Memberships, their plans, and how those are paid.

pub mod gift_month;
pub mod membership;
pub mod plan_period;
pub mod renewal;
